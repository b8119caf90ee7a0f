using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class RotatedIndexTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("RR", Metric.L2)]
    [InlineData("RR", Metric.InnerProduct)]
    [InlineData("RR", Metric.Cosine)]
    [InlineData("OPQ5", Metric.L2)]
    [InlineData("OPQ5", Metric.InnerProduct)]
    [InlineData("PCA24", Metric.Cosine)]
    public void Distances_are_those_of_the_vectors_before_they_were_rotated(string rotation, Metric metric)
    {
        // Five parts do not divide 24: the rotated vectors have 25 numbers.
        Matrix vectors = TestVectors.LowRank(800, 24, 10, 0.3f, 1), queries = vectors.Slice(100, 30);
        using VectorIndex plain = Filled("Flat", vectors, metric), rotated = Filled($"{rotation},Flat", vectors, metric);

        Neighbor[][] expected = plain.OneByOne(queries, 10), found = rotated.OneByOne(queries, 10);
        Assert.Equal(found, rotated.Together(queries, 10));
        Assert.InRange(ExactNeighbors.Recall(expected, found), 0.99, 1);
        foreach ((Neighbor one, Neighbor other) in expected.SelectMany(answers => answers).Zip(found.SelectMany(answers => answers)))
            Assert.Equal(one.Distance, other.Distance, 1e-4 * (1 + Math.Abs(one.Distance)));
        Assert.Equal((24, 96), (rotated.Dimension, rotated.Memory.RawBytesPerVector));
    }

    [Theory]
    [InlineData("PCA10")]
    [InlineData("OPQ2_10")]
    public void Fewer_dimensions_keep_the_distances_of_vectors_that_vary_along_so_many(string rotation)
    {
        Matrix vectors = TestVectors.LowRank(800, 24, 10, 0.001f, 1), queries = vectors.Slice(100, 30);
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            using VectorIndex plain = Filled("Flat", vectors, metric), shorter = Filled($"{rotation},Flat", vectors, metric);
            Assert.InRange(ExactNeighbors.Recall(plain.OneByOne(queries, 10), shorter.OneByOne(queries, 10)), 0.98, 1);
            Assert.Equal((40, 96), ((int)shorter.Memory.CodeBytesPerVector, shorter.Memory.RawBytesPerVector));
        }
    }

    [Fact]
    public void Codes_of_vectors_that_vary_in_few_directions_find_more_behind_a_learned_rotation()
    {
        // Along four directions askew to the dimensions: no order of these tells them apart.
        Matrix vectors = TestVectors.LowRank(3000, 16, 4, 0.02f, 1), queries = vectors.Slice(0, 100);
        Neighbor[][] truth = Filled("Flat", vectors, Metric.L2).OneByOne(queries, 10);
        double Recall(string specification)
        {
            using VectorIndex index = Filled(specification, vectors, Metric.L2);
            return ExactNeighbors.Recall(truth, index.OneByOne(queries, 10, new SearchOptions { Probes = index.Lists }));
        }

        double plain = Recall("IVF4,PQ4x4"), learned = Recall("OPQ4,IVF4,PQ4x4"), refined = Recall("OPQ4,IVF4,PQ4x4,Refine");
        Assert.True(learned > plain + 0.2, $"{learned} with a rotation, {plain} without");
        Assert.True(refined > learned, $"{refined} with exact rerank, {learned} without");
    }

    [Fact]
    public void Training_makes_use_of_as_many_vectors_as_rotation_and_index_do()
    {
        int Vectors(string specification) => IndexFactory.Create(specification, 16).TrainingVectors();

        Assert.Equal((1, 65536, 65536), (Vectors("RR,Flat"), Vectors("OPQ4,Flat"), Vectors("PCA4,HNSW4")));
        Assert.Equal((128_000, 16384), (Vectors("OPQ4,IVF1000,PQ4"), Vectors("OPQ4,IVF4,PQ4x4")));
        Assert.Equal(int.MaxValue, IndexFactory.Create("OPQ4,Flat", 16).TrainingVectors(new BuildOptions { MaxPointsPerCentroid = 0 }));
    }

    private static VectorIndex Filled(string specification, Matrix vectors, Metric metric)
    {
        VectorIndex index = IndexFactory.Create(specification, vectors.Dimension, metric);
        index.Train(vectors, new BuildOptions { CoarseIterations = 5, CodebookIterations = 5 }, cancellationToken: Cancellation);
        index.Add(vectors, cancellationToken: Cancellation);
        return index;
    }
}
