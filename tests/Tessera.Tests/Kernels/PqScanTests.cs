using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

/// <summary>The scan through byte tables gives what the plain scan gives, and that is what one would add up by hand.</summary>
[Trait("Category", "Kernels")]
public sealed class PqScanTests
{
    public static TheoryData<string, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int>();
        foreach (string kind in CodeTables.Kinds)
            foreach (int parts in (int[])[1, 8, 50, 300])
                cases.Add(kind, parts, 8);
        foreach (int bits in (int[])[1, 4, 5, 12])
            cases.Add("normal", 6, bits);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_answers_are_those_of_adding_up_every_code(string kind, int parts, int bits)
    {
        using AlignedBuffer<float> tables = CodeTables.Aligned<float>([float.NaN, .. new float[15], .. CodeTables.Make(kind, parts, bits, 1)]);
        using var scan = new PqScan();
        Lists lists = Lists.Make([0, 1, 63, 64, 300, 257, 1000], parts, bits);
        foreach (float factor in (float[])[1, 2])
        {
            foreach (int k in (int[])[1, 10, 100, 5000])
            {
                Candidate[] expected = lists.AddUp(tables.Span[16..], factor, k);

                Assert.Equal(expected, Search(scan, lists, tables, factor, k, plain: true));
                Assert.Equal(expected, Search(scan, lists, tables, factor, k, plain: false));
            }
        }
    }

    [Fact]
    public void Codes_that_occur_many_times_tie_by_ordinal()
    {
        using AlignedBuffer<float> tables = CodeTables.Aligned<float>([.. new float[16], .. CodeTables.Make("normal", 8, 8, 1)]);
        using var scan = new PqScan();
        Lists lists = Lists.Make([700, 300, 900], 8, 8, kinds: 3, sameTerms: true);

        Candidate[] expected = lists.AddUp(tables.Span[16..], 2, 50);

        Assert.True(expected.Select(candidate => candidate.Distance).Distinct().Count() <= 9);
        Assert.Equal(expected, Search(scan, lists, tables, 2, 50, plain: false));
        Assert.Equal(expected, Search(scan, lists, tables, 2, 50, plain: true));
    }

    [Fact]
    public void A_code_that_rounding_puts_almost_the_whole_bound_behind_still_wins()
    {
        // One step of the bytes is 1. The winner's entries round up by 0.49, those of all others down by 0.49.
        const int Parts = 16;
        var table = new float[Parts * 256];
        for (int m = 0; m < Parts; m++)
            (table[m * 256 + 1], table[m * 256 + 2], table[m * 256 + 255]) = (10.51f, 10.49f, 255);
        using AlignedBuffer<float> tables = CodeTables.Aligned<float>(table);
        using var scan = new PqScan();
        ushort[] numbers = [.. Enumerable.Repeat((ushort)2, 99 * Parts), .. Enumerable.Repeat((ushort)1, Parts)];
        float[] terms = [.. Enumerable.Repeat(Parts * 0.03f, 99), 0];
        CodeList list = CodeList.Empty(Parts, 8).Append(numbers, terms, [.. Enumerable.Range(0, 100)]);
        foreach (bool plain in (bool[])[true, false])
        {
            scan.Begin(tables, 0, Parts, 8, 1, 1, plain);
            scan.Scan(list, 0, 0);

            Assert.Equal(99, scan.Finish([list], [0], new Candidate[1])[0].Ordinal);
        }
    }

    [Fact]
    public void Offsets_and_terms_that_cancel_lose_no_answer()
    {
        // A query near the origin: hardly anything in the tables, and distances that are small differences of large numbers.
        float[] table = Array.ConvertAll(CodeTables.Make("normal", 8, 8, 1), x => 0.01f * x);
        using AlignedBuffer<float> tables = CodeTables.Aligned<float>([.. new float[16], .. table]);
        using var scan = new PqScan();
        Lists lists = Lists.Make([.. Enumerable.Repeat(50, 40)], 8, 8, shift: 1e6f);

        foreach (int k in (int[])[10, 50, 100, 200, 500])
        {
            Candidate[] expected = lists.AddUp(table, 2, k);

            Assert.Equal(expected, Search(scan, lists, tables, 2, k, plain: true));
            Assert.Equal(expected, Search(scan, lists, tables, 2, k, plain: false));
        }
    }

    [Fact]
    public void Only_the_lists_that_are_visited_answer()
    {
        using AlignedBuffer<float> tables = CodeTables.Aligned<float>([.. new float[16], .. CodeTables.Make("normal", 8, 8, 1)]);
        using var scan = new PqScan();
        Lists lists = Lists.Make([100, 200, 300], 8, 8);
        foreach (bool plain in (bool[])[false, true])
        {
            scan.Begin(tables, 16, 8, 8, 2, 10, plain);
            scan.Scan(lists.All[1], 1, lists.Offsets[1]);

            Span<Candidate> answers = scan.Finish(lists.All, lists.Offsets, new Candidate[10]);

            Assert.Equal(200, scan.Scanned);
            Assert.All(answers.ToArray(), answer => Assert.Contains(answer.Ordinal, lists.All[1].Ordinals.ToArray()[..200]));
        }
    }

    [Fact]
    public void A_query_without_codes_has_no_answers()
    {
        using AlignedBuffer<float> tables = CodeTables.Aligned<float>(CodeTables.Make("normal", 8, 8, 1));
        using var scan = new PqScan();
        foreach (bool plain in (bool[])[false, true])
        {
            scan.Begin(tables, 0, 8, 8, 2, 10, plain);

            Assert.Equal(0, scan.Finish([], [], new Candidate[10]).Length);
            Assert.Equal(0, scan.Scanned);
        }
    }

    private static Candidate[] Search(PqScan scan, Lists lists, AlignedBuffer<float> tables, float factor, int k, bool plain)
    {
        scan.Begin(tables, 16, lists.All[0].Parts, lists.All[0].Bits, factor, k, plain);
        for (int i = lists.All.Length - 1; i >= 0; i--)
            scan.Scan(lists.All[i], i, lists.Offsets[i]);
        Assert.Equal(lists.All.Sum(list => (long)list.Count), scan.Scanned);
        return scan.Finish(lists.All, lists.Offsets, new Candidate[k]).ToArray();
    }

    /// <summary>Inverted lists of which every other one lies as a file would hold it.</summary>
    private sealed record Lists(CodeList[] All, float[] Offsets)
    {
        public static Lists Make(int[] sizes, int parts, int bits, int kinds = int.MaxValue, bool sameTerms = false, float shift = 0)
        {
            var all = new CodeList[sizes.Length];
            int ordinal = sizes.Sum();
            for (int i = 0; i < sizes.Length; i++)
            {
                int size = sizes[i];
                float[] terms = sameTerms ? new float[size] : Array.ConvertAll(TestVectors.Normals(size, (ulong)i + 200), x => x - shift * (i % 4));
                int[] ordinals = [.. Enumerable.Range(0, size).Select(_ => --ordinal)];
                CodeList list = CodeList.Empty(parts, bits).Append(CodeTables.Numbers(size, parts, bits, (ulong)i + 100, kinds), terms, ordinals);
                all[i] = i % 2 == 0 ? list : Reopen(list);
            }

            return new Lists(all, sameTerms ? new float[sizes.Length] : [.. TestVectors.Normals(sizes.Length, 300).Select((x, i) => x + shift * (i % 4))]);
        }

        public Candidate[] AddUp(ReadOnlySpan<float> tables, float factor, int k)
        {
            var candidates = new List<Candidate>();
            for (int i = 0; i < All.Length; i++)
            {
                var numbers = new ushort[All[i].Parts];
                for (int at = 0; at < All[i].Count; at++)
                {
                    All[i].Get(at, numbers);
                    float sum = 0;
                    for (int m = 0; m < numbers.Length; m++)
                        sum += tables[(m << All[i].Bits) + numbers[m]];
                    candidates.Add(new Candidate(Offsets[i] + All[i].Terms.Span[at] + factor * sum, All[i].Ordinals.Span[at]));
                }
            }

            return [.. candidates.OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Ordinal).Take(k)];
        }

        private static CodeList Reopen(CodeList list)
        {
            var codes = new byte[list.CompactBytes + CodeList.ReadAhead];
            list.CopyCompact(codes);
            float[] terms = [.. list.Terms.Span[..list.Count], .. new float[CodeList.ReadAhead]];
            return CodeList.Attach(list.Parts, list.Bits, list.Count, codes.AsMemory(0, list.CompactBytes), terms.AsMemory(0, list.Count), list.Ordinals[..list.Count]);
        }
    }
}
