using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class ClusterSumsTests
{
    [Fact]
    public void Sizes_and_sums_follow_the_vectors_that_move()
    {
        const int Rows = 300, Dimension = 7, Clusters = 37;
        var vectors = new Matrix(TestVectors.Integers(Rows * Dimension, 1), Dimension);
        var sums = new ClusterSums(vectors, Clusters, 3);
        var random = new SeededRandom(2);
        var assignments = new int[Rows];
        var before = new int[Rows];
        Array.Fill(before, -1);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < Rows; i++)
            {
                if (round == 0 || random.Next(3) == 0)
                    assignments[i] = random.Next(Clusters - 2);
            }

            int moved = sums.Update(assignments, default);

            Assert.Equal(assignments.Zip(before).Count(pair => pair.First != pair.Second), moved);
            for (int cluster = 0; cluster < Clusters; cluster++)
            {
                var expected = new double[Dimension];
                for (int i = 0; i < Rows; i++)
                    for (int d = 0; d < Dimension && assignments[i] == cluster; d++)
                        expected[d] += vectors[i][d];
                Assert.Equal(expected, sums.Sum(cluster).ToArray());
                Assert.Equal(assignments.Count(a => a == cluster), sums.Sizes[cluster]);
            }

            assignments.CopyTo(before, 0);
        }
    }

    [Fact]
    public void Nothing_moves_where_the_assignment_stays()
    {
        Matrix vectors = TestVectors.Normal(50, 3, 1);
        var sums = new ClusterSums(vectors, 4, 1);
        int[] assignments = [.. Enumerable.Range(0, 50).Select(i => i % 4)];

        Assert.Equal(50, sums.Update(assignments, default));
        Assert.Equal(0, sums.Update(assignments, default));
    }
}
