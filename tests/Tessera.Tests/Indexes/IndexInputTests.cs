using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>What no index takes, and what it says then; nothing of it changes the index.</summary>
public sealed class IndexInputTests
{
    private const int Dimension = 8;

    private static readonly Matrix Vectors = TestVectors.Normal(300, Dimension, 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Metric> Kinds()
    {
        var kinds = new TheoryData<string, Metric>();
        foreach (string specification in (string[])["Flat", "HNSW4", "IVF4,Flat", "IVF4,PQ4", "IVF4,PQ4,Refine", "RQ3x4", "IVF4,RQ3x4,Refine", "SQ8", "SQfp16", "IVF4,SQbf16", "RR,Flat", "OPQ2,IVF4,PQ4x5", "Tree2x3"])
        {
            foreach (Metric metric in Enum.GetValues<Metric>())
                kinds.Add(specification, metric);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_that_are_not_finite_are_refused_with_their_place(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            Matrix rows = With(Vectors.Slice(0, 20), 13, bad);
            Refused("vectors", $"Row 1, column 5 is {bad}", () => index.Add(rows, cancellationToken: Cancellation));
            Refused("sample", $"Row 1, column 5 is {bad}", () => index.Train(rows, cancellationToken: Cancellation));
            Refused("queries", $"Row 1, column 5 is {bad}", () => index.Together(rows, 3));
            Refused("query", $"Number 5 is {bad}", () => index.Search(rows[1], new Neighbor[3]));
        }

        AssertUnchanged(index);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_too_large_to_be_squared_are_refused_unless_they_are_normalised(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        Matrix huge = With(Vectors.Slice(0, 20), 13, -1e30f), largest = With(Vectors.Slice(0, 20), 13, 1e15f);
        if (metric == Metric.Cosine)
        {
            // The vector is its huge number alone, as far as float32 can tell, but beyond the range of bytes that were trained on others.
            index.Add(huge, cancellationToken: Cancellation);
            if (specification == "SQ8")
                return;
            // Not always the first by codes of few bits.
            Assert.Contains(index.OneByOne(huge.Slice(1, 1), 10, new SearchOptions { Probes = index.Lists, Beam = index.Lists })[0], answer => answer.Id == 301);
            return;
        }

        foreach (Action use in (Action[])
            [
                () => index.Add(huge, cancellationToken: Cancellation),
                () => index.Train(huge, cancellationToken: Cancellation),
                () => index.Together(huge, 3),
                () => index.Search(huge[1], new Neighbor[3]),
            ])
            Assert.Contains("scale the vectors down", Assert.Throws<ArgumentException>(use).Message, StringComparison.Ordinal);
        AssertUnchanged(index);
        if (specification == "SQfp16")
        {
            Refused("vectors", "up to 65504 in size: scale the vectors down, or take BFloat", () => index.Add(largest, cancellationToken: Cancellation));
            return;
        }

        index.Add(largest, cancellationToken: Cancellation);
        Assert.All(index.Together(largest, 10).SelectMany(answers => answers), answer => Assert.True(float.IsFinite(answer.Distance)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Vectors_of_another_dimension_are_refused_with_both_dimensions(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        Matrix other = TestVectors.Normal(300, 7, 1);
        const string Expected = "dimension is 7, but this index holds vectors of dimension 8";

        Refused("vectors", Expected, () => index.Add(other, cancellationToken: Cancellation));
        Refused("sample", Expected, () => index.Train(other, cancellationToken: Cancellation));
        Refused("queries", Expected, () => index.Together(other, 3));
        Refused("query", Expected, () => index.Search(other[0], new Neighbor[3]));
        Refused("query", "dimension is 0", () => index.Search([], new Neighbor[3]));
        AssertUnchanged(index);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_of_answers_are_1_to_a_million_and_the_room_must_fit(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        Refused("k", "'0'", () => index.Search(Vectors[0], []));
        foreach (int k in (int[])[0, -1, int.MinValue])
            Refused("k", $"'{k}'", () => index.Search(Vectors.Slice(0, 2), k, new Neighbor[2], cancellationToken: Cancellation));
        foreach (int k in (int[])[VectorIndex.MaxK + 1, int.MaxValue])
            Refused("k", "1048576", () => index.Search(Vectors.Slice(0, 2), k, new Neighbor[2], cancellationToken: Cancellation));
        Refused("results", "2 queries with k = 3 take room for 6 answers, not 5", () => index.Search(Vectors.Slice(0, 2), 3, new Neighbor[5], cancellationToken: Cancellation));
        Refused("results", "room for 6 answers, not 7", () => index.Search(Vectors.Slice(0, 2), 3, new Neighbor[7], cancellationToken: Cancellation));

        var most = new Neighbor[VectorIndex.MaxK];
        // A walk through a graph may leave some out.
        Assert.InRange(index.Search(Vectors[0], most, new SearchOptions { Probes = index.Lists, Beam = index.Lists }), specification == "HNSW4" ? 200 : 300, 300);
        Assert.Equal(most[..300], index.Together(Vectors.Slice(0, 5), VectorIndex.MaxK, new SearchOptions { Probes = index.Lists, Beam = index.Lists })[0][..300]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_are_one_for_each_vector_and_not_negative(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        Matrix two = Vectors.Slice(0, 2);

        Refused("ids", "1 ids for 2 vectors", () => index.Add(two, [1], cancellationToken: Cancellation));
        Refused("ids", "3 ids for 2 vectors", () => index.Add(two, [1, 2, 3], cancellationToken: Cancellation));
        Refused("ids", "1 ids for 0 vectors", () => index.Add(Vectors.Slice(0, 0), [1], cancellationToken: Cancellation));
        Refused("ids", "'-1'", () => index.Add(two, [1, -1], cancellationToken: Cancellation));
        AssertUnchanged(index);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Settings_out_of_range_are_refused_by_name(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        Refused("Threads", "'-1'", () => index.Add(Vectors, options: new BuildOptions { Threads = -1 }, cancellationToken: Cancellation));
        Refused("Threads", "'-1'", () => index.Train(Vectors, new BuildOptions { Threads = -1 }, cancellationToken: Cancellation));
        Refused("CoarseIterations", "'0'", () => index.Train(Vectors, new BuildOptions { CoarseIterations = 0 }, cancellationToken: Cancellation));
        Refused("Threads", "'-2'", () => index.OneByOne(Vectors, 3, new SearchOptions { Threads = -2 }));
        Refused("Threads", "'-2'", () => index.Together(Vectors, 3, new SearchOptions { Threads = -2 }));
        AssertUnchanged(index);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Knobs_out_of_range_are_refused_where_the_index_has_them_and_else_ignored(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        void Check(bool has, string problem, SearchOptions options)
        {
            if (has)
            {
                Refused("options", problem, () => index.OneByOne(Vectors, 3, options));
                Refused("options", problem, () => index.Together(Vectors, 3, options));
            }
            else
            {
                Assert.Equal(index.OneByOne(Vectors, 3), index.OneByOne(Vectors, 3, options));
            }
        }

        bool lists = specification.Contains("IVF", StringComparison.Ordinal), refine = specification.EndsWith("Refine", StringComparison.Ordinal);
        Check(lists, "Probes must be between 1 and the number of lists, 4", new SearchOptions { Probes = 5 });
        Check(lists, "Probes must be between 1 and the number of lists, 4", new SearchOptions { Probes = -1 });
        Check(refine, "RerankFactor must be between 1 and 1000", new SearchOptions { RerankFactor = 0 });
        Check(refine, "RerankFactor must be between 1 and 1000", new SearchOptions { RerankFactor = 1001 });
        Check(specification == "HNSW4", "EfSearch must be between 1 and", new SearchOptions { EfSearch = -1 });
        Check(specification == "HNSW4", "EfSearch must be between 1 and", new SearchOptions { EfSearch = int.MaxValue });
        bool tree = specification == "Tree2x3";
        Check(tree, "Beam must be at least 1", new SearchOptions { Beam = -1 });
        // To be exact is no knob: no index may pass it over.
        Check(specification != "Flat" && !tree, "cannot prove its answers", new SearchOptions { Exact = true, Beam = index.Lists });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_after_adding_is_refused(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric);
        string message = Assert.Throws<InvalidOperationException>(() => index.Train(Vectors, cancellationToken: Cancellation)).Message;

        Assert.Contains("holds 300 vectors", message, StringComparison.Ordinal);
        Assert.Contains("make a new index", message, StringComparison.Ordinal);
        AssertUnchanged(index);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_disposed_index_says_so(string specification, Metric metric)
    {
        VectorIndex index = Filled(specification, metric);
        index.Dispose();
        index.Dispose();
        string path = Path.Combine(Path.GetTempPath(), "tessera-never-written.tsr");
        foreach (Action use in (Action[])
            [
                () => index.Add(Vectors, cancellationToken: Cancellation),
                () => index.Train(Vectors, cancellationToken: Cancellation),
                () => index.Search(Vectors[0], new Neighbor[3]),
                () => index.Together(Vectors, 3),
                () => index.Save(path),
            ])
            Assert.Equal(index.GetType().FullName, Assert.Throws<ObjectDisposedException>(use).ObjectName);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("IVF4,Flat")]
    [InlineData("IVF4,PQ4")]
    [InlineData("IVF4,PQ4,Refine")]
    [InlineData("Tree2x3")]
    [InlineData("PQ4")]
    [InlineData("RQ3x4")]
    [InlineData("SQ8")]
    [InlineData("IVF4,SQfp16")]
    [InlineData("RR,Flat")]
    public void An_untrained_index_says_what_to_do(string specification)
    {
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        Assert.False(index.IsTrained);
        foreach (Action use in (Action[])
            [
                () => index.Add(Vectors, cancellationToken: Cancellation),
                () => index.Search(Vectors[0], new Neighbor[3]),
                () => index.Together(Vectors, 3),
                () => index.Save("untrained.tsr"),
            ])
        {
            string message = Assert.Throws<InvalidOperationException>(use).Message;
            Assert.Contains(specification, message, StringComparison.Ordinal);
            Assert.Contains("call Train with representative vectors", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_empty_training_set_is_refused(string specification, Metric metric)
    {
        using VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        Refused("sample", "empty", () => index.Train(Vectors.Slice(0, 0), cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("Flat")]
    [InlineData("HNSW4")]
    [InlineData("IVF4,Flat")]
    [InlineData("IVF4,PQ4")]
    [InlineData("Tree2x3")]
    [InlineData("SQ8")]
    public void Dimensions_are_1_to_a_million(string specification)
    {
        foreach (int dimension in (int[])[0, -1, int.MinValue])
            Refused("dimension", $"'{dimension}'", () => IndexFactory.Create(specification, dimension));
        foreach (int dimension in (int[])[VectorIndex.MaxDimension + 4, int.MaxValue - 3])
            Refused("dimension", "1048576", () => IndexFactory.Create(specification, dimension));
        Refused("metric", "use L2, InnerProduct or Cosine", () => IndexFactory.Create(specification, Dimension, (Metric)3));
    }

    [Fact]
    public void The_longest_vectors_are_added_and_found()
    {
        Matrix vectors = TestVectors.Normal(3, VectorIndex.MaxDimension, 1);
        using var index = new FlatIndex(VectorIndex.MaxDimension);
        index.Add(vectors.Slice(0, 1), cancellationToken: Cancellation);
        index.Add(vectors.Slice(1, 2), cancellationToken: Cancellation);

        Assert.Equal([0, 1, 2], index.OneByOne(vectors, 1).Select(answers => answers[0].Id));
    }

    private static VectorIndex Filled(string specification, Metric metric)
    {
        VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 2, CodebookIterations = 2 }, cancellationToken: Cancellation);
        index.Add(Vectors, cancellationToken: Cancellation);
        return index;
    }

    private static Matrix With(Matrix vectors, int at, float value)
    {
        float[] values = vectors.Span.ToArray();
        values[at] = value;
        return new Matrix(values, vectors.Dimension);
    }

    private static void Refused(string parameter, string problem, Action use)
    {
        var refusal = Assert.ThrowsAny<ArgumentException>(use);
        Assert.Equal(parameter, refusal.ParamName);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertUnchanged(VectorIndex index)
    {
        using VectorIndex fresh = Filled(index.Specification, index.Metric);
        Assert.Equal(fresh.Count, index.Count);
        Assert.Equal(fresh.OneByOne(Vectors.Slice(0, 20), 10), index.OneByOne(Vectors.Slice(0, 20), 10));
    }
}
