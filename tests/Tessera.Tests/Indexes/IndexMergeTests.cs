using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IndexMergeTests : IDisposable
{
    private const int Dimension = 8;
    private const int First = 700;
    private const int Second = 500;

    private static readonly Matrix Vectors = TestVectors.Planted(10, (First + Second) / 10, Dimension, 0.5f, 1);
    private static readonly BuildOptions Build = new() { CoarseIterations = 3, CodebookIterations = 3, Threads = 1 };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>All kinds whose merged file is to the bit the one of all vectors added to one index.</summary>
    public static TheoryData<string, Metric> Coded() => new()
    {
        { "Flat", Metric.L2 }, { "IVF9,Flat", Metric.Cosine }, { "IVF9,PQ4", Metric.L2 }, { "IVF9,PQ4x5", Metric.InnerProduct }, { "IVF9,PQ8x4,Refine", Metric.Cosine },
        { "IVF9,PQ4,Refine(fp16)", Metric.L2 }, { "IVF9,PQ4x4,Refine(mapped)", Metric.L2 }, { "Tree2x3", Metric.L2 },
    };

    public static TheoryData<string> Kinds() => ["Flat", "HNSW6", "IVF9,Flat", "IVF9,PQ4", "IVF9,PQ4x5,Refine", "IVF9,PQ4,Refine(fp16)", "IVF9,PQ4,Refine(mapped)", "RQ3x4", "SQ8", "IVF9,SQfp16", "OPQ2,IVF9,PQ4x5", "Tree2x3"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Coded))]
    public void Twins_merged_are_the_index_that_took_all_vectors(string specification, Metric metric)
    {
        using VectorIndex whole = Trained(specification, metric), a = whole.CreateEmpty(), b = a.CreateEmpty();
        whole.Add(Vectors, Ids(0, First + Second), Build, cancellationToken: Cancellation);
        a.Add(Vectors.Slice(0, First), Ids(0, First), Build, cancellationToken: Cancellation);
        b.Add(Vectors.Slice(First, Second), Ids(First, Second), Build, cancellationToken: Cancellation);
        byte[] other = Bytes(b);

        a.Merge(b, options: Build, cancellationToken: Cancellation);

        Assert.Equal(Bytes(whole), Bytes(a));
        Assert.Equal(other, Bytes(b));
    }

    [Theory]
    [MemberData(nameof(Coded))]
    public void Indexes_opened_from_files_are_merged_too_and_the_other_may_then_be_closed(string specification, Metric metric)
    {
        using VectorIndex whole = Trained(specification, metric), trained = whole.CreateEmpty();
        whole.Add(Vectors, options: Build, cancellationToken: Cancellation);
        string first = Saved(trained, 0, First), second = Saved(trained, First, Second);
        using VectorIndex a = VectorIndex.Open(first);
        using (VectorIndex b = VectorIndex.Open(second))
            a.Merge(b, shiftIds: true, Build, cancellationToken: Cancellation);

        Assert.Equal(Bytes(whole), Bytes(a));
        a.Add(Vectors.Slice(0, 100), options: Build, cancellationToken: Cancellation);
        whole.Add(Vectors.Slice(0, 100), options: Build, cancellationToken: Cancellation);
        Assert.Equal(Bytes(whole), Bytes(a));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Removed_vectors_stay_behind_and_tags_come_along(string specification)
    {
        using VectorIndex a = Trained(specification), b = a.CreateEmpty();
        a.Add(Vectors.Slice(0, First), Ids(0, First), Build, cancellationToken: Cancellation);
        b.Add(Vectors.Slice(First, Second), Ids(First, Second), Build, cancellationToken: Cancellation);
        a.Tag("both", [5, 7]);
        a.Tag("here", [7]);
        b.Tag("both", [First, First + 1, First + 2]);
        b.Tag("there", [First + 2, First + Second - 1]);
        a.Remove([6, 7]);
        b.Remove([.. Enumerable.Range(First + 1, 99)]);

        a.Merge(b, options: Build, cancellationToken: Cancellation);

        Assert.Equal((First + Second - 101, 2), (a.Count, a.RemovedCount));
        Assert.Equal(["both", "here", "there"], a.Tags);
        Assert.Equal([5, First], Bearers("both"));
        Assert.Equal([], Bearers("here"));
        Assert.Equal([First + Second - 1], Bearers("there"));
        Assert.Equal([.. Enumerable.Range(0, 6), .. Enumerable.Range(8, First - 8), First, .. Enumerable.Range(First + 100, Second - 100)], All());
        a.Compact(Build, cancellationToken: Cancellation);
        Assert.Equal([5, First], Bearers("both"));

        int[] Bearers(string tag) => Found(new SearchOptions { Probes = a.Lists, EfSearch = 2000, Filter = SearchFilter.Tagged(tag) });
        int[] All() => Found(new SearchOptions { Probes = a.Lists, EfSearch = 2000 });
        int[] Found(SearchOptions options) => [.. a.OneByOne(Vectors.Slice(0, 1), First + Second, options)[0].Where(answer => answer.Id >= 0).Select(answer => (int)answer.Id).Order()];
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_in_both_are_refused_unless_they_are_shifted(string specification)
    {
        using VectorIndex a = Trained(specification), b = a.CreateEmpty();
        a.Add(Vectors.Slice(0, First), Ids(0, First), Build, cancellationToken: Cancellation);
        b.Add(Vectors.Slice(First, Second), Ids(First - 1, Second), Build, cancellationToken: Cancellation);
        byte[] before = Bytes(a);

        var refusal = Assert.Throws<ArgumentException>(() => a.Merge(b, options: Build, cancellationToken: Cancellation));
        Assert.Contains($"Id {First - 1} is in both", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Bytes(a));

        a.Merge(b, shiftIds: true, Build, cancellationToken: Cancellation);
        Assert.Equal(First + Second, a.Count);
        Neighbor[] answers = a.OneByOne(Vectors.Slice(0, 1), First + Second, new SearchOptions { Probes = a.Lists, EfSearch = 2000 })[0];
        // The other index began at First - 1, and the first free number is First.
        Assert.Equal([.. Enumerable.Range(0, First), .. Enumerable.Range(2 * First - 1, Second)], answers.Select(answer => (int)answer.Id).Order());
    }

    [Fact]
    public void An_id_that_was_removed_is_free_for_the_other_index()
    {
        using var a = new FlatIndex(Dimension);
        using var b = new FlatIndex(Dimension);
        a.Add(Vectors.Slice(0, 10), Ids(0, 10), cancellationToken: Cancellation);
        b.Add(Vectors.Slice(10, 1), [4], cancellationToken: Cancellation);
        a.Remove([4]);

        a.Merge(b, cancellationToken: Cancellation);

        Assert.Equal(new Neighbor(4, 0), a.OneByOne(Vectors.Slice(10, 1), 1)[0][0]);
    }

    [Fact]
    public void Graphs_find_the_vectors_of_both()
    {
        using var a = new HnswIndex(Dimension, new HnswOptions { Neighbors = 6 }, Metric.Cosine);
        using VectorIndex b = a.CreateEmpty();
        a.Add(Vectors.Slice(0, First), options: Build, cancellationToken: Cancellation);
        b.Add(Vectors.Slice(First, Second), options: Build, cancellationToken: Cancellation);

        a.Merge(b, shiftIds: true, Build, cancellationToken: Cancellation);

        Neighbor[][] found = a.OneByOne(Vectors, 1);
        Assert.InRange(found.Index().Count(pair => pair.Item[0].Id == pair.Index), 0.98 * Vectors.Rows, Vectors.Rows);
    }

    [Theory]
    [InlineData("IVF9,PQ4", "IVF9,PQ4x4", "IVF9,PQ4 here, IVF9,PQ4x4 there")]
    [InlineData("IVF9,PQ4", "IVF9,PQ4,Refine", "IVF9,PQ4 here, IVF9,PQ4,Refine there")]
    [InlineData("Flat", "HNSW6", "Flat here, HNSW6 there")]
    [InlineData("Tree2x3", "Tree2x4", "Tree2x3 here, Tree2x4 there")]
    [InlineData("IVF9,Flat", "IVF8,Flat", "IVF9,Flat here, IVF8,Flat there")]
    public void Other_specifications_are_refused(string here, string there, string problem) => AssertDiffer(Trained(here), Trained(there), problem);

    [Fact]
    public void Other_dimensions_metrics_and_trainings_are_refused_with_what_differs()
    {
        AssertDiffer(new FlatIndex(4), new FlatIndex(5), "vectors of dimension 4 here, 5 there");
        AssertDiffer(new FlatIndex(4), new FlatIndex(4, Metric.Cosine), "metric L2 here, Cosine there");
        AssertDiffer(Trained("IVF9,Flat"), Trained("IVF9,Flat", seed: 43), "another centroid of list 0");
        AssertDiffer(Trained("IVF9,PQ4"), Trained("IVF9,PQ4", seed: 43), "another centroid of list 0");
        AssertDiffer(OfOneList(residual: true, 3), OfOneList(residual: true, 4), "other codebooks");
        AssertDiffer(OfOneList(residual: true, 3), OfOneList(residual: false, 3), "codes of residuals here, of vectors there");
    }

    [Fact]
    public void An_index_cannot_be_merged_with_itself_or_untrained()
    {
        using VectorIndex index = Trained("IVF9,PQ4"), untrained = IndexFactory.Create("IVF9,PQ4", Dimension);
        Assert.Contains("itself", Assert.Throws<ArgumentException>("other", () => index.Merge(index, cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => index.Merge(untrained, cancellationToken: Cancellation));
        Assert.Throws<InvalidOperationException>(() => untrained.Merge(index, cancellationToken: Cancellation));
        Assert.False(untrained.CreateEmpty().IsTrained);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_merge_that_is_stopped_changes_nothing(string specification)
    {
        using VectorIndex a = Trained(specification), b = a.CreateEmpty();
        a.Add(Vectors.Slice(0, First), options: Build, cancellationToken: Cancellation);
        b.Add(Vectors.Slice(First, Second), options: Build, cancellationToken: Cancellation);
        byte[] before = Bytes(a);

        Assert.ThrowsAny<OperationCanceledException>(() => a.Merge(b, shiftIds: true, Build, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(before, Bytes(a));
        using VectorIndex untouched = a.CreateEmpty();
        untouched.Add(Vectors.Slice(0, First), options: Build, cancellationToken: Cancellation);
        a.Merge(b, shiftIds: true, Build, cancellationToken: Cancellation);
        untouched.Merge(b, shiftIds: true, Build, cancellationToken: Cancellation);
        Assert.Equal(Bytes(untouched), Bytes(a));
    }

    [Fact]
    public void A_report_that_throws_once_the_vectors_are_in_leaves_them_in()
    {
        using VectorIndex a = Trained("IVF9,PQ4"), b = a.CreateEmpty();
        b.Add(Vectors.Slice(0, 100), options: Build, cancellationToken: Cancellation);
        var throwing = new ImmediateProgress<TrainingProgress>(_ => throw new InvalidOperationException("stop"));

        Assert.Throws<InvalidOperationException>(() => a.Merge(b, options: Build, progress: throwing, cancellationToken: Cancellation));
        a.Add(Vectors.Slice(100, 1), options: Build, cancellationToken: Cancellation);

        Assert.Equal(101, a.Count);
        Assert.Equal([100], a.OneByOne(Vectors.Slice(100, 1), 101, new SearchOptions { Probes = 9 })[0].Where(answer => answer.Id >= 100).Select(answer => (int)answer.Id));
    }

    [Fact]
    public async Task Two_indexes_take_each_other_in_at_once()
    {
        using VectorIndex a = Trained("IVF9,PQ4,Refine"), b = a.CreateEmpty();
        a.Add(Vectors.Slice(0, 5), options: Build, cancellationToken: Cancellation);
        b.Add(Vectors.Slice(5, 5), options: Build, cancellationToken: Cancellation);

        await Task.WhenAll(
            Task.Run(() => Take(a, b), Cancellation),
            Task.Run(() => Take(b, a), Cancellation));

        // Whatever the order, each holds copies of the ten vectors alone.
        foreach (VectorIndex index in (VectorIndex[])[a, b])
        {
            Neighbor[][] nearest = index.OneByOne(Vectors.Slice(0, 10), 1, new SearchOptions { Probes = 9 });
            Assert.All(nearest, answers => Assert.Equal(0, answers[0].Distance));
        }

        static void Take(VectorIndex one, VectorIndex other)
        {
            for (int i = 0; i < 4; i++)
                one.Merge(other, shiftIds: true, Build, cancellationToken: Cancellation);
        }
    }

    private static void AssertDiffer(VectorIndex here, VectorIndex there, string problem)
    {
        using (here)
        using (there)
        {
            var refusal = Assert.Throws<ArgumentException>("other", () => here.Merge(there, cancellationToken: Cancellation));
            Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        }
    }

    private static VectorIndex Trained(string specification, Metric metric = Metric.L2, ulong seed = 42)
    {
        VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        index.Train(Vectors, Build with { Seed = seed }, cancellationToken: Cancellation);
        return index;
    }

    /// <summary>The mean is the one centroid, whatever the seed and the iterations.</summary>
    private static IvfPqIndex OfOneList(bool residual, int iterations)
    {
        var index = new IvfPqIndex(Dimension, new IvfPqOptions { Lists = 1, Subquantizers = 4, Bits = 4, Residual = residual });
        index.Train(Vectors, Build with { CodebookIterations = iterations }, cancellationToken: Cancellation);
        return index;
    }

    private static long[] Ids(int first, int count) => [.. Enumerable.Range(first, count)];

    private string Saved(VectorIndex twin, int start, int count)
    {
        using VectorIndex index = twin.CreateEmpty();
        index.Add(Vectors.Slice(start, count), options: Build, cancellationToken: Cancellation);
        string path = _folder[$"{Guid.NewGuid():N}.tsr"];
        index.Save(path);
        return path;
    }

    private byte[] Bytes(VectorIndex index)
    {
        string path = _folder["bytes.tsr"];
        index.Save(path);
        return File.ReadAllBytes(path);
    }
}
