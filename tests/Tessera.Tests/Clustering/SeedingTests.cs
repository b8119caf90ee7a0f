using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class SeedingTests
{
    [Theory]
    [InlineData(KMeansInit.PlusPlus, 6)]
    [InlineData(KMeansInit.PlusPlus, 150)]
    [InlineData(KMeansInit.Random, 6)]
    public void The_first_centroids_are_different_vectors_of_the_data(KMeansInit init, int dimension)
    {
        Matrix vectors = TestVectors.Normal(300, dimension, 1);

        Matrix chosen = Seeding.Choose(vectors, new KMeansOptions { Clusters = 50, Init = init }, 0, default);

        int[] rows = [.. Enumerable.Range(0, 50).Select(c => RowOf(vectors, chosen[c].ToArray()))];
        Assert.DoesNotContain(-1, rows);
        Assert.Equal(50, rows.Distinct().Count());
    }

    [Fact]
    public void Many_clusters_drawn_several_at_a_time_are_different_vectors_of_the_data()
    {
        Matrix vectors = TestVectors.Normal(3000, 3, 1);

        Matrix chosen = Seeding.Choose(vectors, new KMeansOptions { Clusters = 2100 }, 0, default);

        static (float, float, float)[] Rows(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).Select(i => (matrix[i][0], matrix[i][1], matrix[i][2]))];
        Assert.Equal(2100, Rows(chosen).Intersect(Rows(vectors)).Count());
    }

    [Fact]
    public void The_next_centroid_is_drawn_in_proportion_to_the_squared_distance()
    {
        // Three places on a line. From each, the other two have squared distances 1 : 9, 1 : 4 and 9 : 4.
        var vectors = new Matrix(new float[] { 0, 1, 3 }, 1);
        double[,] squares = { { 0, 1, 9 }, { 1, 0, 4 }, { 9, 4, 0 } };
        const int Trials = 1500;
        var counts = new int[3, 3];
        for (ulong seed = 0; seed < Trials; seed++)
        {
            Matrix chosen = Seeding.Choose(vectors, new KMeansOptions { Clusters = 2, Seed = seed, Threads = 1 }, 0, default);
            counts[RowOf(vectors, chosen[0].ToArray()), RowOf(vectors, chosen[1].ToArray())]++;
        }

        for (int first = 0; first < 3; first++)
        {
            for (int second = 0; second < 3; second++)
            {
                double share = squares[first, second] / (squares[first, 0] + squares[first, 1] + squares[first, 2]) / 3;
                double deviation = Math.Sqrt(Trials * share * (1 - share));
                Assert.InRange(counts[first, second], Trials * share - 4 * deviation, Trials * share + 4 * deviation);
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(150)]
    public void Separate_clusters_each_get_a_centroid(int dimension)
    {
        Matrix vectors = TestVectors.Planted(12, 30, dimension, 0.001f, 1);

        Matrix chosen = Seeding.Choose(vectors, new KMeansOptions { Clusters = 12 }, 0, default);

        IEnumerable<int> clusters = Enumerable.Range(0, 12).Select(c => RowOf(vectors, chosen[c].ToArray()) % 12);
        Assert.Equal(Enumerable.Range(0, 12), clusters.Order());
    }

    [Fact]
    public void Each_run_starts_elsewhere_and_the_same_run_starts_alike()
    {
        Matrix vectors = TestVectors.Normal(300, 6, 1);
        foreach (KMeansInit init in Enum.GetValues<KMeansInit>())
        {
            var options = new KMeansOptions { Clusters = 10, Init = init };
            float[] first = Seeding.Choose(vectors, options, 0, default).Values.ToArray();

            Assert.Equal(first, Seeding.Choose(vectors, options, 0, default).Values.ToArray());
            Assert.NotEqual(first, Seeding.Choose(vectors, options, 1, default).Values.ToArray());
            Assert.NotEqual(first, Seeding.Choose(vectors, options with { Seed = 43 }, 0, default).Values.ToArray());
        }
    }

    private static int RowOf(Matrix vectors, float[] vector)
    {
        for (int i = 0; i < vectors.Rows; i++)
        {
            if (vectors[i].SequenceEqual(vector))
                return i;
        }

        return -1;
    }
}
