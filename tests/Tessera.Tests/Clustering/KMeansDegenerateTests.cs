using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

/// <summary>Data with empty clusters, duplicates and zeros, and clusters of directions.</summary>
public sealed class KMeansDegenerateTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(150)]
    public void Empty_clusters_are_given_vectors_until_none_is_empty(int dimension)
    {
        // Nine tenths of the vectors are one and the same: a random start takes it for most centroids, and all but one of those stay empty.
        Matrix scattered = TestVectors.Normal(61, dimension, 1);
        Matrix vectors = scattered.Select([.. Enumerable.Range(0, 600).Select(i => i % 10 == 0 ? 1 + i / 10 : 0)]);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 20, Init = KMeansInit.Random, Iterations = 100 });

        Assert.True(result.History[0].Repaired > 0);
        Assert.Equal(0, result.History[^1].Repaired);
        Assert.Equal(20, result.Assign(vectors).Distinct().Count());
        double room = 1e-7 * BruteForce.Squares(vectors);
        Assert.All(result.History.Zip(result.History.Skip(1)), pair => Assert.True(pair.Second.Inertia <= pair.First.Inertia + room));
    }

    public static TheoryData<int, int, KMeansInit, bool> Duplicates()
    {
        var cases = new TheoryData<int, int, KMeansInit, bool>();
        foreach (int dimension in (int[])[3, 150])
            foreach (int distinct in (int[])[1, 2, 5])
                foreach (KMeansInit init in Enum.GetValues<KMeansInit>())
                    foreach (bool spherical in (bool[])[false, true])
                        cases.Add(dimension, distinct, init, spherical);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Duplicates))]
    public void Fewer_distinct_vectors_than_clusters_end_without_inertia(int dimension, int distinct, KMeansInit init, bool spherical)
    {
        // One of them is zero. Spherical centroids are directions, so that lengths other than 1 are left over there.
        float[] kinds = [.. new float[dimension], .. TestVectors.Normals((distinct - 1) * dimension, 1)];
        Matrix vectors = new Matrix(kinds, dimension).Select([.. Enumerable.Range(0, 200).Select(i => i % distinct)]);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 8, Init = init, Spherical = spherical });

        Assert.All(result.Centroids.Values.ToArray(), x => Assert.True(float.IsFinite(x)));
        Assert.InRange(result.Iterations, 1, 25);
        if (!spherical)
        {
            Assert.Equal(0, BruteForce.Inertia(vectors, result.Centroids), 1e-6);
            Assert.Equal(distinct, result.Assign(vectors).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(150)]
    public void Spherical_centroids_have_length_one_and_win_by_the_largest_product(int dimension)
    {
        Matrix vectors = TestVectors.Planted(10, 80, dimension, 0.5f, 1);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 10, Spherical = true, Iterations = 100 });

        int[] assignments = result.Assign(vectors);
        for (int c = 0; c < 10; c++)
            Assert.Equal(1, BruteForce.Distance(result.Centroids[c], new float[dimension]), 1e-6);
        for (int i = 0; i < vectors.Rows; i++)
        {
            double[] products = [.. Enumerable.Range(0, 10).Select(c => Product(vectors[i], result.Centroids[c]))];
            Assert.Equal(products.Max(), products[assignments[i]], 1e-5);
        }
    }

    [Fact]
    public void Directions_are_found_whatever_the_lengths()
    {
        Matrix planted = TestVectors.Planted(8, 50, 20, 0.2f, 1);
        float[] values = planted.Values.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] *= 1 + i / 20 % 7;
        var vectors = new Matrix(values, 20);

        KMeansResult result = KMeans.Fit(vectors, new KMeansOptions { Clusters = 8, Spherical = true, Redo = 10 });

        int[] directions = [.. Enumerable.Range(0, vectors.Rows).Select(i => i % 8)];
        Assert.InRange(BruteForce.AdjustedRandIndex(directions, result.Assign(vectors)), 0.95, 1);
    }

    private static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
