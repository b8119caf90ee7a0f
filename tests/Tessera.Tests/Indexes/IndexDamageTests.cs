using System.Buffers.Binary;
using System.Text;
using Tessera.Indexes;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IndexDamageTests
{
    private const int Dimension = 8;
    private const int Count = 700;

    private static readonly Matrix Vectors = TestVectors.Planted(7, Count / 7, Dimension, 0.5f, 1);

    private static readonly int[] Absurd = [int.MinValue, -Count, -1, 0, 1, 2, 3, 7, 15, 16, 17, 63, 64, 255, Count - 1, Count, Count + 1, 1 << 16, (1 << 20) - 1, 1 << 20, 1 << 24, (1 << 24) + 1, int.MaxValue - 1, int.MaxValue];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds() => ["Flat", "HNSW6", "IVF9,Flat", "IVF9,PQ4", "IVF9,PQ4x5,Refine", "IVF9,PQ4,Refine(fp16)", "IVF9,PQ4,Refine(mapped)", "RQ3x4", "IVF9,SQ8", "OPQ2,IVF9,PQ2x4", "Tree2x9"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flipped_bits_are_refused_or_change_nothing(string specification)
    {
        using DamagedIndexFile file = Make(specification);
        var random = new SeededRandom(1);
        int opened = 0;
        for (int trial = 0; trial < 700; trial++)
        {
            byte[] damaged = [.. file.Whole];
            int flips = trial % 4 == 0 ? 1 + random.Next(20) : 1;
            for (int i = 0; i < flips; i++)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            opened += file.Opens(damaged) ? 1 : 0;
        }

        // Only the zeros between sections may change unnoticed.
        Assert.InRange(opened, 0, 40);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Files_cut_short_or_added_to_are_refused(string specification)
    {
        using DamagedIndexFile file = Make(specification);
        var random = new SeededRandom(2);
        IEnumerable<long> boundaries = file.Sections.SelectMany(section => new[] { section.Offset - 1, section.Offset, section.Offset + section.Bytes - 1, section.Offset + section.Bytes });
        IEnumerable<long> anywhere = Enumerable.Range(0, 200).Select(_ => (long)random.Next(file.Whole.Length));
        foreach (long length in boundaries.Concat(anywhere).Append(file.Whole.Length - 1))
            Assert.False(file.Opens(file.Whole.AsSpan(0, (int)length)), $"a file of {length} bytes went unnoticed");
        Assert.False(file.Opens([.. file.Whole, 0]));
        Assert.False(file.Opens([.. file.Whole, .. file.Whole]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Absurd_lengths_places_and_types_under_good_checksums_are_refused(string specification)
    {
        using DamagedIndexFile file = Make(specification);
        for (int entry = 0; entry < file.Sections.Count; entry++)
        {
            int at = file.Table + entry * TsrFormat.EntryBytes;
            foreach (int absurd in Absurd)
            {
                foreach (long value in (long[])[absurd, long.MaxValue - absurd, file.Sections[entry].Count + absurd % 1000])
                {
                    RefusedUnlessUnchanged(file, at + TsrFormat.EntryCountAt, 8, value);
                    RefusedUnlessUnchanged(file, at + TsrFormat.EntryOffsetAt, 8, value);
                }
            }

            // Another type of the same size is another section; an empty one has room for any.
            for (uint type = 0; type < 20; type++)
                RefusedUnlessUnchanged(file, at + TsrFormat.EntryTypeAt, 4, type);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Absurd_shapes_and_specifications_under_good_checksums_are_refused(string specification)
    {
        using DamagedIndexFile file = Make(specification);
        int[] shape = file.Numbers<int>("shape");
        Assert.Equal([Dimension, (int)Metric.L2, Count], shape);
        for (int at = 0; at < shape.Length; at++)
        {
            // 0, 1 and 2 are metrics, and nothing in a file says which of them was meant.
            foreach (int value in Absurd.Where(value => at != 1 || value is < 0 or > 2))
                Assert.Equal(value == shape[at], file.OpensWith("shape", at, value));
        }

        foreach (string other in (string[])["Flat", "HNSW6", "IVF9,Flat", "IVF9,PQ4", "IVF9,PQ4x5", "IVF8,PQ4", "IVF9,PQ4,Refine", "PQ4", "RQ3x4", "RQ4x3", "IVF9,RQ2x5,Refine", "SQ8", "SQbf16", "IVF9,SQ8", "RR,Flat", "PCA8,Flat", "OPQ2,IVF9,PQ4", "OPQ2,IVF9,PQ2x3", ""])
        {
            byte[] text = Encoding.UTF8.GetBytes(other.PadRight(specification.Length)[..specification.Length]);
            byte[] damaged = [.. file.Whole];
            text.CopyTo(damaged, file["specification"].Offset);
            Assert.Equal(text.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(specification)), file.Opens(file.Seal(damaged)));
        }
    }

    [Fact]
    public void Codes_that_lie_in_another_way_than_they_are_searched_are_refused()
    {
        using DamagedIndexFile full = Make("IVF9,RQ4x4"), padded = Make("IVF9,RQ3x4");
        Assert.False(full.OpensWith("parameters", 5, full.Numbers<int>("parameters")[5] | 4));
        Assert.False(padded.OpensWith("parameters", 5, padded.Numbers<int>("parameters")[5] & ~4));
    }

    [Theory]
    [InlineData("IVF9,Flat")]
    [InlineData("IVF9,PQ4")]
    [InlineData("IVF9,PQ4x5,Refine")]
    [InlineData("IVF9,PQ4,Refine(fp16)")]
    [InlineData("IVF9,PQ4,Refine(mapped)")]
    [InlineData("IVF9,RQ3x4")]
    public void Absurd_parameters_list_sizes_and_ordinals_under_good_checksums_are_refused(string specification)
    {
        using DamagedIndexFile file = Make(specification);
        int[] parameters = file.Numbers<int>("parameters"), sizes = file.Numbers<int>("list-sizes"), ordinals = file.Numbers<int>("ordinals");
        Assert.Equal((9, 9, Count), (parameters[0], sizes.Length, ordinals.Length));
        int probes = parameters.Length == 2 ? 1 : 3;
        foreach (int value in Absurd)
        {
            for (int at = 0; at < parameters.Length; at++)
            {
                // Nothing in a file says whether its codes were meant for residuals.
                if (at == 5 && value is 0 or 1)
                    continue;
                // Any number of probes up to that of the lists is one.
                bool fits = at == probes ? value is >= 1 and <= 9 : value == parameters[at];
                // Nor how wide a beam they were found with.
                fits |= at == 6 && parameters[6] > 0 && value is >= 1 and <= 256;
                Assert.Equal(fits, file.OpensWith("parameters", at, value));
            }

            for (int at = 0; at < sizes.Length; at++)
                Assert.Equal(value == sizes[at], file.OpensWith("list-sizes", at, value));
            for (int at = 0; at < ordinals.Length; at += 31)
                Assert.Equal(value == ordinals[at], file.OpensWith("ordinals", at, value));
        }
    }

    [Fact]
    public void Absurd_parameters_of_scalar_codes_and_negative_steps_are_refused()
    {
        using DamagedIndexFile file = Make("IVF9,SQ8"), alone = Make("SQ8");
        int[] parameters = file.Numbers<int>("parameters");
        Assert.Equal([0, 9, 9], parameters);
        foreach (int value in Absurd)
        {
            Assert.Equal(value == 0, file.OpensWith("parameters", 0, value));
            Assert.Equal(value == 9, file.OpensWith("parameters", 1, value));
            Assert.Equal(value is >= 1 and <= 9, file.OpensWith("parameters", 2, value));
            Assert.Equal(value == 0, alone.OpensWith("parameters", 0, value));
            Assert.Equal(value == 0, alone.OpensWith("parameters", 1, value));
            Assert.Equal(value == 1, alone.OpensWith("parameters", 2, value));
        }

        Assert.False(alone.OpensWith("grids", Dimension, -1f));
        Assert.False(alone.OpensWith("grids", 2 * Dimension - 1, float.NaN));
    }

    [Theory]
    [InlineData("Flat")]
    [InlineData("IVF9,Flat")]
    [InlineData("IVF9,PQ4x5,Refine")]
    [InlineData("Tree2x9")]
    [InlineData("RQ3x4")]
    [InlineData("IVF9,SQ8")]
    [InlineData("RR,Flat")]
    public void Numbers_that_are_none_and_negative_ids_under_good_checksums_are_refused(string specification)
    {
        using DamagedIndexFile file = Make(specification);
        for (int at = 0; at < Count; at += 50)
        {
            Assert.False(file.OpensWith("ids", at, -1L));
            Assert.False(file.OpensWith("ids", at, long.MinValue));
            foreach (string section in file.Sections.Select(section => section.Name).Intersect(["centroids", "codebooks", "terms", "grids", "rotation", "radii"]))
                Assert.False(file.OpensWith(section, at % (int)file[section].Count, at % 100 == 0 ? float.NaN : float.NegativeInfinity), section);
        }
    }

    [Theory]
    [InlineData("IVF4000,PQ2x4")]
    [InlineData("IVF4000,Flat")]
    public void Many_lists_of_few_vectors_open_within_the_same_memory(string specification)
    {
        using VectorIndex index = IndexFactory.Create(specification, 4);
        Matrix vectors = TestVectors.Normal(4000, 4, 1);
        index.Train(vectors, new() { CoarseIterations = 1, CodebookIterations = 1 }, cancellationToken: Cancellation);
        index.Add(vectors.Slice(0, 1000), cancellationToken: Cancellation);
        using var file = new DamagedIndexFile(index, vectors.Slice(0, 3));

        Assert.True(file.Opens(file.Whole));
        foreach (int lists in (int[])[3999, 4001, 1 << 20, 1 << 24])
            Assert.False(file.OpensWith("parameters", 0, lists));
    }

    private static void RefusedUnlessUnchanged(DamagedIndexFile file, int at, int bytes, long value)
    {
        byte[] damaged = [.. file.Whole];
        if (bytes == 8)
            BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(at), value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(at), (uint)value);
        bool unchanged = damaged.AsSpan().SequenceEqual(file.Whole);
        // The table's checksum is made good; the sections' are as they were, for their bytes are.
        BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(TsrFormat.TableChecksumAt), Crc32C.Compute(damaged.AsSpan(file.Table)));
        BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(TsrFormat.HeaderChecksumAt), Crc32C.Compute(damaged.AsSpan(0, TsrFormat.HeaderChecksumAt)));
        Assert.True(file.Opens(damaged) == unchanged, $"{value} at {at}");
    }

    private static DamagedIndexFile Make(string specification)
    {
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(Vectors, new() { CoarseIterations = 2, CodebookIterations = 2 }, cancellationToken: Cancellation);
        index.Add(Vectors, [.. Enumerable.Range(0, Count).Select(i => 3L * i)], cancellationToken: Cancellation);
        return new DamagedIndexFile(index, Vectors.Slice(100, 5));
    }
}
