using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Clustering;

public sealed class ProgressiveKMeansTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Vectors_without_clusters_end_in_a_better_optimum_than_by_k_means()
    {
        Matrix vectors = TestVectors.LowRank(4000, 96, 40, 0.3f, 1);
        var options = new KMeansOptions { Clusters = 64, MaxPointsPerCluster = 0 };

        double progressive = Error(vectors, ProgressiveKMeans.Fit(vectors, options, Cancellation));
        double plain = Error(vectors, KMeans.Fit(vectors, options, null, Cancellation).Centroids);

        Assert.InRange(progressive, 0, 0.995 * plain);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(300)]
    public void Plain_clusters_are_found_in_any_dimension(int dimension)
    {
        Matrix vectors = TestVectors.Planted(10, 50, dimension, 0.05f, 3);
        Matrix centroids = ProgressiveKMeans.Fit(vectors, new KMeansOptions { Clusters = 10, Iterations = 50 }, Cancellation);

        Assert.Equal((10, dimension), (centroids.Rows, centroids.Dimension));
        // One cluster shared by two centroids is allowed for; centres lie a distance of the square root of 2 a number apart.
        Assert.InRange(Error(vectors, centroids), 0, 0.5 * dimension);
    }

    [Fact]
    public void Fewer_distinct_vectors_than_clusters_are_all_found()
    {
        float[] values = [.. Enumerable.Range(0, 200).SelectMany(i => Enumerable.Range(0, 12).Select(d => (float)(i % 3 * d)))];
        var vectors = new Matrix(values, 12);

        Assert.InRange(Error(vectors, ProgressiveKMeans.Fit(vectors, new KMeansOptions { Clusters = 8 }, Cancellation)), 0, 1e-8);
    }

    [Fact]
    public void The_same_bits_come_from_any_number_of_threads()
    {
        Matrix vectors = TestVectors.LowRank(3000, 150, 30, 0.3f, 1);
        var options = new KMeansOptions { Clusters = 32, Threads = 1 };

        Assert.Equal(ProgressiveKMeans.Fit(vectors, options, Cancellation).Values.ToArray(), ProgressiveKMeans.Fit(vectors, options with { Threads = 2 }, Cancellation).Values.ToArray());
    }

    private static double Error(Matrix vectors, Matrix centroids)
    {
        double sum = 0;
        for (int i = 0; i < vectors.Rows; i++)
            sum += Scalar.SquaredL2(vectors[i], centroids[Scalar.Nearest(vectors[i], centroids.Span, centroids.Rows)]);
        return sum / vectors.Rows;
    }
}
