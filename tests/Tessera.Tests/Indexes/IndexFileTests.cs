using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IndexFileTests : IDisposable
{
    private const int Dimension = 16;

    private static readonly Matrix Vectors = TestVectors.Planted(10, 130, Dimension, 0.5f, 1);
    private static readonly long[] Ids = [.. Enumerable.Range(0, 1300).Select(i => 7L * i + (1L << 40))];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Metric> Kinds() => new()
    {
        { "Flat", Metric.L2 }, { "Flat", Metric.Cosine }, { "HNSW6", Metric.InnerProduct }, { "IVF10,Flat", Metric.L2 }, { "IVF300,Flat", Metric.Cosine },
        { "IVF10,PQ8", Metric.L2 }, { "IVF10,PQ8", Metric.InnerProduct }, { "IVF10,PQ8", Metric.Cosine },
        { "IVF10,PQ8x4", Metric.L2 }, { "IVF10,PQ4x6,Refine", Metric.Cosine }, { "IVF10,PQ8x4,Refine(fp16)", Metric.L2 }, { "IVF10,PQ8x4,Refine(mapped)", Metric.Cosine }, { "IVF300,PQ8", Metric.InnerProduct },
        { "Tree2x6", Metric.L2 }, { "Tree3x4", Metric.Cosine }, { "Tree2x40", Metric.InnerProduct },
        { "PQ8", Metric.L2 }, { "PQ4x6,Refine", Metric.Cosine }, { "RQ3x8", Metric.L2 }, { "RQ4x5,Refine", Metric.InnerProduct }, { "IVF10,RQ3x6", Metric.Cosine },
        { "SQ8", Metric.L2 }, { "SQ8", Metric.Cosine }, { "SQfp16", Metric.InnerProduct }, { "SQbf16", Metric.L2 }, { "IVF10,SQ8", Metric.InnerProduct }, { "IVF300,SQbf16", Metric.Cosine },
        { "OPQ4,IVF10,PQ4x6", Metric.L2 }, { "OPQ3,PQ6x5,Refine", Metric.Cosine }, { "OPQ4_12,SQ8", Metric.InnerProduct }, { "RR,HNSW6", Metric.L2 }, { "PCA8,Flat", Metric.Cosine },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_opened_index_answers_as_the_saved_one(string specification, Metric metric)
    {
        using VectorIndex saved = Filled(specification, metric, Ids);
        using VectorIndex opened = VectorIndex.Open(Save(saved));

        AssertSame(saved, opened);
        Assert.Equal(Kind(saved), Kind(opened));
        Assert.True(opened.IsTrained);
        // The saved one has room to spare; both have at least what the formula says.
        Assert.InRange(opened.Memory.MeasuredBytes, opened.Memory.EstimatedCodeBytes, saved.Memory.MeasuredBytes);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_empty_index_is_saved_and_opened_too(string specification, Metric metric)
    {
        using VectorIndex saved = Trained(specification, metric);
        using VectorIndex opened = VectorIndex.Open(Save(saved));

        Assert.Equal(0, opened.Count);
        AssertSame(saved, opened);
        opened.Add(Vectors, Ids, cancellationToken: Cancellation);
        saved.Add(Vectors, Ids, cancellationToken: Cancellation);
        AssertSame(saved, opened);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_content_gives_the_same_bytes_for_any_number_of_threads_and_every_time(string specification, Metric metric)
    {
        byte[] Bytes(int threads, ulong seed)
        {
            using VectorIndex index = Filled(specification, metric, default, threads, seed);
            return File.ReadAllBytes(Save(index));
        }

        byte[] first = Bytes(1, 42);

        Assert.Equal(first, Bytes(2, 42));
        Assert.Equal(first, Bytes(1, 42));
        // What learns without chance is the same for every seed.
        Assert.Equal(specification is "Flat" or "SQ8" or "SQfp16" or "SQbf16" or "PCA8,Flat", first.AsSpan().SequenceEqual(Bytes(1, 43)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_index_that_is_opened_and_saved_gives_the_same_file(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric, Ids);
        string first = Save(index);
        using VectorIndex opened = VectorIndex.Open(first);
        string second = Save(opened);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_index_that_is_opened_and_added_to_is_the_one_that_was_filled_at_once(string specification, Metric metric)
    {
        foreach (int start in (int[])[1, 640, 1299])
        {
            using VectorIndex part = Trained(specification, metric);
            part.Add(Vectors.Slice(0, start), Ids.AsSpan(0, start), new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
            using VectorIndex opened = VectorIndex.Open(Save(part));
            for (int from = start; from < Vectors.Rows; from += 500)
            {
                int count = Math.Min(500, Vectors.Rows - from);
                opened.Add(Vectors.Slice(from, count), Ids.AsSpan(from, count), new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
                part.Add(Vectors.Slice(from, count), Ids.AsSpan(from, count), new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
            }

            AssertSame(part, opened);
            Assert.Equal(File.ReadAllBytes(Save(part)), File.ReadAllBytes(Save(opened)));
            if (!specification.Contains("HNSW", StringComparison.Ordinal))
            {
                using VectorIndex whole = Filled(specification, metric, Ids);
                Assert.Equal(File.ReadAllBytes(Save(whole)), File.ReadAllBytes(Save(opened)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_index_can_be_saved_over_the_file_that_it_is_mapped_from(string specification, Metric metric)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not rename over a mapped file.");
        using VectorIndex part = Trained(specification, metric);
        part.Add(Vectors.Slice(0, 700), cancellationToken: Cancellation);
        string path = Save(part);
        using VectorIndex opened = VectorIndex.Open(path);
        opened.Add(Vectors.Slice(700, 600), cancellationToken: Cancellation);
        opened.Save(path);
        using VectorIndex again = VectorIndex.Open(path);

        AssertSame(opened, again);
        Assert.Equal(1300, again.Count);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Ids_that_equal_the_numbers_of_their_vectors_take_no_room()
    {
        using var implied = new FlatIndex(Dimension);
        implied.Add(Vectors, cancellationToken: Cancellation);
        using var spelled = new FlatIndex(Dimension);
        spelled.Add(Vectors.Slice(0, 300), [.. Enumerable.Range(0, 300)], cancellationToken: Cancellation);
        spelled.Add(Vectors.Slice(300, 1000), [.. Enumerable.Range(300, 1000)], cancellationToken: Cancellation);

        Assert.Equal(File.ReadAllBytes(Save(implied)), File.ReadAllBytes(Save(spelled)));
    }

    [Fact]
    public void A_file_that_holds_no_index_is_refused()
    {
        string path = _folder["other.tsr"];
        using (TsrWriter writer = TsrWriter.Create(path, "tessera/other"))
        {
            writer.Write<int>("shape", [1, 0, 0]);
            writer.Commit();
        }

        var refusal = Assert.Throws<TesseraFormatException>(() => VectorIndex.Open(path));
        Assert.Equal((path, "header"), (refusal.Path, refusal.Section));
        Assert.Contains("'tessera/other' file, not a vector index", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => VectorIndex.Open(_folder["none.tsr"]));
    }

    [Fact]
    public void An_opened_index_that_is_disposed_lets_go_of_its_file()
    {
        using VectorIndex index = Filled("IVF10,PQ8", Metric.L2, default);
        string path = Save(index);
        VectorIndex opened = VectorIndex.Open(path);
        opened.Dispose();

        File.Delete(path);
        Assert.Throws<ObjectDisposedException>(() => opened.Search(Vectors[0], new Neighbor[1]));
    }

    internal static VectorIndex Trained(string specification, Metric metric, int threads = 1, ulong seed = 42)
    {
        VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3, Threads = threads, Seed = seed }, cancellationToken: Cancellation);
        return index;
    }

    internal static VectorIndex Filled(string specification, Metric metric, ReadOnlySpan<long> ids, int threads = 1, ulong seed = 42)
    {
        VectorIndex index = Trained(specification, metric, threads, seed);
        index.Add(Vectors, ids, new BuildOptions { Threads = threads, Seed = seed }, cancellationToken: Cancellation);
        return index;
    }

    private static (string, int, Metric, long, int) Kind(VectorIndex index) => (index.Specification, index.Dimension, index.Metric, index.Count, index.Lists);

    private static void AssertSame(VectorIndex expected, VectorIndex actual)
    {
        Assert.Equal(Kind(expected), Kind(actual));
        Matrix queries = Vectors.Slice(500, 40);
        foreach (int k in (int[])[1, 10, 400])
        {
            Assert.Equal(expected.OneByOne(queries, k), actual.OneByOne(queries, k));
            Assert.Equal(expected.Together(queries, k), actual.Together(queries, k));
        }
    }

    private string Save(VectorIndex index)
    {
        string path = _folder[$"{Guid.NewGuid():N}.tsr"];
        index.Save(path);
        return path;
    }
}
