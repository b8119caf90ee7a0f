using System.Runtime.CompilerServices;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class RefineStorageTests : IDisposable
{
    private const int Dimension = 16;

    private static readonly Matrix Vectors = TestVectors.Planted(20, 60, Dimension, 0.5f, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _spill = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BuildOptions Build => new() { CoarseIterations = 3, CodebookIterations = 3, Threads = 1, SpillFolder = _spill.Path };

    public static TheoryData<string, Metric> Storages()
    {
        var storages = new TheoryData<string, Metric>();
        foreach (string storage in (string[])["Refine", "Refine(fp16)", "Refine(mapped)"])
        {
            foreach (Metric metric in Enum.GetValues<Metric>())
                storages.Add(storage, metric);
        }

        return storages;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _spill.Dispose();
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void Vectors_in_a_file_give_the_answers_of_those_in_memory(Metric metric)
    {
        using VectorIndex inMemory = Filled("Refine", metric), inFile = Filled("Refine(mapped)", metric);

        Assert.Equal(inMemory.OneByOne(Vectors, 10), inFile.OneByOne(Vectors, 10));
        Assert.Equal(inMemory.Together(Vectors, 10), inFile.Together(Vectors, 10));
        using VectorIndex opened = VectorIndex.Open(Save(inFile));
        Assert.Equal(inMemory.OneByOne(Vectors, 10), opened.OneByOne(Vectors, 10));
    }

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    [InlineData(Metric.Cosine)]
    public void Halves_give_distances_to_three_digits_from_half_the_bytes(Metric metric)
    {
        using VectorIndex whole = Filled("Refine", metric), halves = Filled("Refine(fp16)", metric);
        Neighbor[][] expected = whole.OneByOne(Vectors, 10), actual = halves.OneByOne(Vectors, 10);

        Assert.InRange(ExactNeighbors.Recall(expected, actual), 0.99, 1);
        foreach ((Neighbor[] a, Neighbor[] b) in expected.Zip(actual))
            Assert.All(a.Zip(b), pair => Assert.Equal(pair.First.Distance, pair.Second.Distance, 2e-3 * (1 + Math.Abs(pair.First.Distance))));
        Assert.Equal(Vectors.Rows * Dimension * 2, new FileInfo(Save(whole)).Length - new FileInfo(Save(halves)).Length, 200.0);
    }

    [Fact]
    public void Halves_are_the_nearest_binary16_numbers()
    {
        using VectorIndex index = Filled("Refine(fp16)", Metric.L2);
        using TsrReader file = TsrReader.Open(Save(index));

        Assert.Equal(
            Vectors.Span.ToArray().Select(number => BitConverter.HalfToUInt16Bits((Half)number)),
            file.Read<ushort>("vectors-fp16").ToArray());
    }

    [Fact]
    public void A_number_that_no_half_holds_is_refused_and_nothing_is_added()
    {
        using VectorIndex index = Filled("Refine(fp16)", Metric.L2), cosine = Filled("Refine(fp16)", Metric.Cosine);
        byte[] before = File.ReadAllBytes(Save(index));
        var large = new float[2 * Dimension];
        large[Dimension + 3] = -65505;

        var refusal = Assert.Throws<ArgumentException>("vectors", () => index.Add(new Matrix(large, Dimension), options: Build, cancellationToken: Cancellation));

        Assert.Contains("Row 1, column 3 is -65505", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Save(index)));
        large[Dimension + 3] = 65504;
        index.Add(new Matrix(large, Dimension), options: Build, cancellationToken: Cancellation);
        large[Dimension + 3] = 1e30f;
        cosine.Add(new Matrix(large, Dimension), options: Build, cancellationToken: Cancellation);
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public void A_compacted_index_is_the_one_of_the_remaining_vectors(string storage, Metric metric)
    {
        int[] kept = [.. Enumerable.Range(0, Vectors.Rows).Where(i => i % 3 != 0 && i is < 200 or > 400)];
        using VectorIndex index = Filled(storage, metric), fresh = Trained(storage, metric);
        index.Remove([.. Enumerable.Range(0, Vectors.Rows).Except(kept)]);
        fresh.Add(Vectors.Select(kept), [.. kept], Build, cancellationToken: Cancellation);

        index.Compact(Build, cancellationToken: Cancellation);

        Assert.Equal(File.ReadAllBytes(Save(fresh)), File.ReadAllBytes(Save(index)));
        using VectorIndex opened = VectorIndex.Open(Save(index));
        opened.Remove([.. kept.Take(100)]);
        index.Remove([.. kept.Take(100)]);
        opened.Compact(Build, cancellationToken: Cancellation);
        index.Compact(Build, cancellationToken: Cancellation);
        Assert.Equal(File.ReadAllBytes(Save(index)), File.ReadAllBytes(Save(opened)));
    }

    [Fact]
    public void Vectors_that_many_adds_bring_lie_in_the_file_in_their_order()
    {
        using VectorIndex index = Trained("Refine(mapped)", Metric.L2);
        for (int start = 0, count = 1; start < Vectors.Rows; start += count, count = Math.Min(2 * count, Vectors.Rows - start))
            index.Add(Vectors.Slice(start, Math.Min(count, Vectors.Rows - start)), options: Build, cancellationToken: Cancellation);
        using TsrReader file = TsrReader.Open(Save(index));

        Assert.Equal(Vectors.Span.ToArray(), file.Read<float>("vectors").ToArray());
    }

    [Fact]
    public void The_temporary_file_has_no_name_so_that_a_killed_process_leaves_none()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes the file when it is closed.");
        using VectorIndex index = Filled("Refine(mapped)", Metric.L2);

        Assert.Empty(Directory.GetFileSystemEntries(_spill.Path));
    }

    [Fact]
    public void A_disposed_index_closes_its_temporary_file_and_is_searched_no_more()
    {
        VectorIndex index = Filled("Refine(mapped)", Metric.L2);
        index.Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_spill.Path));
        if (OperatingSystem.IsLinux())
            Assert.Equal(0, OpenSpillFiles());
        Assert.Throws<ObjectDisposedException>(() => index.Search(Vectors[0], new Neighbor[1]));
    }

    [Fact]
    public void The_disk_has_the_room_of_a_compacted_index_back_once_no_search_is_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files are counted by /proc.");
        using VectorIndex index = Filled("Refine(mapped)", Metric.L2);
        CompactOften(index);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(1, OpenSpillFiles());
        Assert.Equal(Vectors.Rows - 3, index.Count);
        Assert.Equal(0, index.OneByOne(Vectors.Slice(50, 1), 1)[0][0].Distance);
    }

    [Theory]
    [InlineData("Refine")]
    [InlineData("Refine(mapped)")]
    public void A_folder_that_cannot_take_the_vectors_leaves_the_index_as_it_was(string storage)
    {
        using VectorIndex index = Filled(storage, Metric.L2);
        byte[] whole = File.ReadAllBytes(Save(index));
        using VectorIndex opened = VectorIndex.Open(Save(index));
        BuildOptions nowhere = Build with { SpillFolder = _spill["nowhere"] };
        if (storage == "Refine(mapped)")
        {
            var failure = Assert.Throws<DirectoryNotFoundException>(() => opened.Add(Vectors, options: nowhere, cancellationToken: Cancellation));
            Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
            Assert.Equal(whole, File.ReadAllBytes(Save(opened)));
        }

        opened.Add(Vectors, options: storage == "Refine" ? nowhere : Build, cancellationToken: Cancellation);
        index.Add(Vectors, options: Build, cancellationToken: Cancellation);
        Assert.Equal(File.ReadAllBytes(Save(index)), File.ReadAllBytes(Save(opened)));
    }

    [Fact]
    public void A_file_opened_without_verifying_is_searched_although_a_vector_is_damaged()
    {
        using VectorIndex index = Filled("Refine(mapped)", Metric.L2);
        string path = Save(index);
        byte[] bytes = File.ReadAllBytes(path);
        using (TsrReader file = TsrReader.Open(path))
            bytes[file.Find("vectors").Offset + 4 * Dimension * 77 + 2] ^= 0x40;
        File.WriteAllBytes(path, bytes);

        var refusal = Assert.Throws<TesseraFormatException>(() => VectorIndex.Open(path));
        Assert.Equal("section 'vectors'", refusal.Section);
        using VectorIndex opened = VectorIndex.Open(path, verify: false);
        Assert.Equal(index.OneByOne(Vectors.Slice(0, 1), 1), opened.OneByOne(Vectors.Slice(0, 1), 1));
    }

    /// <summary>In a method of its own, so that nothing of it is alive when it has returned.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CompactOften(VectorIndex index)
    {
        for (int i = 0; i < 3; i++)
        {
            index.Remove([i]);
            index.Compact(Build, cancellationToken: Cancellation);
        }
    }

    private int OpenSpillFiles() => Directory.GetFiles("/proc/self/fd").Count(file =>
        new FileInfo(file).LinkTarget?.StartsWith(_spill.Path, StringComparison.Ordinal) == true);

    private VectorIndex Trained(string storage, Metric metric)
    {
        VectorIndex index = IndexFactory.Create($"IVF8,PQ8,{storage}", Dimension, metric);
        index.Train(Vectors, Build, cancellationToken: Cancellation);
        return index;
    }

    private VectorIndex Filled(string storage, Metric metric)
    {
        VectorIndex index = Trained(storage, metric);
        index.Add(Vectors, options: Build, cancellationToken: Cancellation);
        return index;
    }

    private string Save(VectorIndex index)
    {
        string path = _folder[$"{Guid.NewGuid():N}.tsr"];
        index.Save(path);
        return path;
    }
}
