using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

/// <summary>The scan's answers are those of scoring every code on paper, to the bit, whatever it skips.</summary>
[Trait("Category", "Kernels")]
public sealed unsafe class PqScanTests
{
    private static readonly int[] Parts = [1, 2, 3, 5, 8, 16, 56, 100, 257, 258, 300];

    /// <summary>What makes pruning hard, as changes to tables, terms and offsets of about 1.</summary>
    private static readonly (string What, Action<float[], float[], float[]> Change)[] Hard =
    [
        ("nothing", (_, _, _) => { }),
        ("whole numbers, so that most distances tie", (tables, terms, offsets) => { Each(tables, MathF.Round); Each(terms, MathF.Round); Each(offsets, MathF.Round); }),
        ("constant tables", (tables, _, _) => Each(tables, _ => 0.7f)),
        ("zero tables and terms", (tables, terms, _) => { Each(tables, _ => 0); Each(terms, _ => 0); }),
        ("zero everything", (tables, terms, offsets) => { Each(tables, _ => 0); Each(terms, _ => 0); Each(offsets, _ => 0); }),
        ("terms that swamp the tables", (_, terms, _) => Each(terms, x => 1e4f * x)),
        ("offsets and terms that cancel", (tables, terms, offsets) => { Each(tables, x => 1e-2f * x); Each(terms, x => -1048576f + x); Each(offsets, x => 1048576f + x); }),
        ("offsets and terms that cancel, constant tables", (tables, terms, offsets) => { Each(tables, _ => -3.03f); Each(terms, x => -1048576f + 0.3f * x); Each(offsets, x => 1048576f + 0.3f * x); }),
        ("tables far from zero", (tables, terms, _) => { Each(tables, x => 1e4f + 1e-2f * x); Each(terms, x => 1e-2f * x); }),
        ("huge tables", (tables, _, _) => Each(tables, x => 1e30f * x)),
        ("tables too large to be added up", (tables, _, _) => Each(tables, x => 3e38f * Math.Clamp(x, -1, 1))),
        ("tables with infinite entries", (tables, _, _) => tables[3] = float.PositiveInfinity),
        ("tiny tables alone", (tables, terms, offsets) => { Each(tables, x => 1e-38f * x); Each(terms, _ => 0); Each(offsets, _ => 0); }),
        ("denormal tables alone", (tables, terms, offsets) => { Each(tables, x => float.Epsilon * MathF.Round(5 * x)); Each(terms, _ => 0); Each(offsets, _ => 0); }),
        ("lists without answers at the end", (_, _, offsets) => offsets[^1] = 1e9f),
        ("distances that fall all the way", (_, terms, _) => Array.Sort(terms, (a, b) => b.CompareTo(a))),
        ("distances that rise all the way", (_, terms, _) => Array.Sort(terms)),
    ];

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, Hard.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Answers_equal_scoring_every_code(int number)
    {
        using var scan = new PqScan();
        for (ulong seed = 0; seed < 15; seed++)
        {
            var random = new SeededRandom(seed, (ulong)number);
            int parts = Parts[random.Next(Parts.Length)];
            using var lists = new Lists(parts, 8, random, Hard[number].Change);
            foreach (int k in (int[])[1, 2, 10, 64, 100, lists.Count - 1, lists.Count, lists.Count + 5])
            {
                foreach (float factor in (float[])[1, 2])
                {
                    if (k < 1)
                        continue;
                    Candidate[] expected = lists.Best(k, factor);
                    Assert.Equal(expected, lists.Search(scan, k, factor, plain: true));
                    Assert.True(
                        expected.AsSpan().SequenceEqual(lists.Search(scan, k, factor, plain: false)),
                        $"{Hard[number].What}: seed {seed}, {parts} parts, k {k}, factor {factor}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Numbers_that_share_bytes_are_looked_up_by_the_byte(int bits)
    {
        using var scan = new PqScan();
        for (int i = 0; i < 4 * Hard.Length; i++)
        {
            var random = new SeededRandom((ulong)i, (ulong)bits);
            using var lists = new Lists(1 + random.Next(40 * 8 / bits), bits, random, Hard[i % Hard.Length].Change);
            foreach (int k in (int[])[1, 10, 100, lists.Count + 1])
            {
                Candidate[] expected = lists.Best(k, 2);
                Assert.Equal(expected, lists.Search(scan, k, 2, plain: true));
                Assert.True(expected.AsSpan().SequenceEqual(lists.Search(scan, k, 2, plain: false)), $"{Hard[i % Hard.Length].What}: {i}, k {k}");
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(16)]
    public void Codes_of_other_widths_are_scored_too(int bits)
    {
        using var scan = new PqScan();
        for (ulong seed = 0; seed < 5; seed++)
        {
            var random = new SeededRandom(seed, (ulong)bits);
            using var lists = new Lists(1 + random.Next(9), bits, random, Hard[(int)seed % 2].Change);
            foreach (int k in (int[])[1, 10, lists.Count + 1])
                Assert.Equal(lists.Best(k, 2), lists.Search(scan, k, 2, plain: false));
        }
    }

    [Fact]
    public void A_code_that_rounding_puts_almost_the_whole_bound_behind_still_wins()
    {
        // One step of the bytes is 1. The winner's entries round up by 0.49, those of all others down by 0.49.
        const int Parts = 16;
        using var tables = new AlignedBuffer<float>(Parts * ByteTables.Entries);
        tables.Span.Clear();
        for (int m = 0; m < Parts; m++)
        {
            Span<float> table = tables.Slice(m * ByteTables.Entries, ByteTables.Entries);
            (table[1], table[2], table[255]) = (10.51f, 10.49f, 255);
        }

        using var scan = new PqScan();
        ushort[] numbers = [.. Enumerable.Repeat((ushort)2, 99 * Parts), .. Enumerable.Repeat((ushort)1, Parts)];
        float[] terms = [.. Enumerable.Repeat(Parts * 0.03f, 99), 0];
        CodeList list = CodeList.Empty(Parts, 8).Append(numbers, terms, [.. Enumerable.Range(0, 100)]);

        scan.Begin(tables, 0, Parts, 8, 1, 1, null, plain: false);
        scan.Scan(list, 0, 0);

        Assert.Equal(99, scan.Finish([list], [0], new Candidate[1])[0].Ordinal);
    }

    [Fact]
    public void More_parts_than_16_bits_can_add_up_are_scored_too()
    {
        using var scan = new PqScan();
        using var lists = new Lists(65_600, 8, new SeededRandom(1), Hard[0].Change, most: 3);

        Assert.Equal(lists.Best(2, 2), lists.Search(scan, 2, 2, plain: false));
    }

    [Fact]
    public void Every_code_of_the_lists_visited_is_counted_as_scanned()
    {
        using var scan = new PqScan();
        using var lists = new Lists(8, 8, new SeededRandom(1), Hard[0].Change);
        lists.Search(scan, 10, 2, plain: false);

        Assert.Equal(lists.Count, scan.Scanned);
    }

    private static void Each(float[] values, Func<float, float> change)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = change(values[i]);
    }

    /// <summary>One query's tables and some lists: empty ones, ones of a single code, whole and part blocks, in memory and as in a file.</summary>
    private sealed class Lists : IDisposable
    {
        private readonly CodeMaterial _all;
        private readonly int[] _from;
        private readonly CodeList[] _lists;
        private readonly float[] _offsets;
        private readonly AlignedBuffer<float> _tables;
        private readonly float[] _sums;

        public Lists(int parts, int bits, SeededRandom random, Action<float[], float[], float[]> change, int most = 400)
        {
            int[] sizes = [.. Enumerable.Range(0, 1 + random.Next(9)).Select(_ => random.Next(4) switch { 0 => 0, 1 => 1, 2 => random.Next(5) * 64, _ => random.Next(400) }).Select(size => Math.Min(size, most))];
            _all = new CodeMaterial(parts, bits, sizes.Sum(), random.NextUInt64());
            _offsets = TestVectors.Normals(sizes.Length, random.NextUInt64());
            _tables = new AlignedBuffer<float>(parts << bits);
            float[] tables = TestVectors.Normals(parts << bits, random.NextUInt64());
            change(tables, _all.Terms, _offsets);
            tables.CopyTo(_tables.Span);
            _sums = [.. Enumerable.Range(0, _all.Count).Select(i => TableSum(tables, i))];
            _from = new int[sizes.Length + 1];
            for (int i = 0; i < sizes.Length; i++)
                _from[i + 1] = _from[i] + sizes[i];
            _lists = [.. sizes.Select((_, i) => Make(i, inFile: i % 2 == 1))];
        }

        public int Count => _all.Count;

        public void Dispose() => _tables.Dispose();

        public Candidate[] Search(PqScan scan, int k, float factor, bool plain)
        {
            scan.Begin(_tables, 0, _all.Parts, _all.Bits, factor, k, null, plain);
            for (int i = 0; i < _lists.Length; i++)
                scan.Scan(_lists[i], i, _offsets[i]);
            return scan.Finish(_lists, _offsets, new Candidate[k]).ToArray();
        }

        public Candidate[] Best(int k, float factor)
        {
            var candidates = new List<Candidate>();
            for (int list = 0; list < _lists.Length; list++)
            {
                for (int i = _from[list]; i < _from[list + 1]; i++)
                    candidates.Add(new Candidate(_offsets[list] + _all.Terms[i] + factor * _sums[i], _all.Ordinals[i]));
            }

            return [.. candidates.Where(c => !float.IsNaN(c.Distance)).OrderBy(c => c.Distance).ThenBy(c => c.Ordinal).Take(k)];
        }

        private float TableSum(float[] tables, int position)
        {
            // Numbers that share a byte are added up among themselves first, in pairs.
            int each = CodeList.AreBlocked(_all.Bits) ? 8 / _all.Bits : 1;
            float sum = 0;
            for (int m = 0; m < _all.Parts; m += each)
                sum += Folded(m, each);
            return sum;

            float Folded(int first, int count) => first >= _all.Parts ? 0 : count == 1
                ? tables[(first << _all.Bits) + _all.Code(position)[first]]
                : Folded(first, count / 2) + Folded(first + count / 2, count / 2);
        }

        private CodeList Make(int list, bool inFile)
        {
            CodeList made = _all.AppendTo(CodeList.Empty(_all.Parts, _all.Bits), _from[list], _from[list + 1]);
            if (!inFile)
                return made;
            Memory<byte> codes = AlignedMemory.Allocate<byte>(made.CompactBytes + CodeList.ReadAhead);
            Memory<float> terms = AlignedMemory.Allocate<float>(made.Count + CodeList.ReadAhead / sizeof(float));
            made.CopyCompact(codes.Span);
            made.Terms[..made.Count].CopyTo(terms);
            return CodeList.Attach(_all.Parts, _all.Bits, made.Count, codes[..made.CompactBytes], terms[..made.Count], made.Ordinals[..made.Count]);
        }
    }
}
