using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class CodeListTests
{
    public static TheoryData<int, int> Shapes() => new()
    {
        { 1, 8 }, { 3, 8 }, { 56, 8 }, { 300, 8 }, { 1, 1 }, { 5, 1 }, { 16, 1 }, { 12, 2 }, { 7, 4 }, { 8, 4 }, { 7, 6 }, { 3, 9 }, { 5, 12 }, { 2, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Codes_come_back_as_they_were_appended(int parts, int bits)
    {
        foreach (int count in CodeMaterial.Counts)
        {
            var material = new CodeMaterial(parts, bits, count, (ulong)count);
            AssertHolds(material, count, material.InMemory());
            AssertHolds(material, count, material.AsInFile());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Appending_piece_by_piece_equals_appending_at_once(int parts, int bits)
    {
        var material = new CodeMaterial(parts, bits, 700, 1);
        byte[] atOnce = Compact(material.InMemory());
        for (ulong seed = 0; seed < 5; seed++)
        {
            var random = new SeededRandom(seed);
            CodeList list = CodeList.Empty(parts, bits);
            for (int from = 0, to; from < 700; from = to)
            {
                to = Math.Min(700, from + random.Next(seed < 2 ? 5 : 150));
                list = material.AppendTo(list, from, to);
            }

            AssertHolds(material, 700, list);
            Assert.Equal(atOnce, Compact(list));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_list_of_one_moment_is_undisturbed_by_what_is_appended_behind_it(int parts, int bits)
    {
        var material = new CodeMaterial(parts, bits, 300, 2);
        var moments = new List<CodeList> { CodeList.Empty(parts, bits) };
        for (int from = 0; from < 300; from += 7)
            moments.Add(material.AppendTo(moments[^1], from, Math.Min(300, from + 7)));

        foreach (CodeList moment in moments)
            AssertHolds(material, moment.Count, moment);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_list_in_a_file_grows_like_one_in_memory(int parts, int bits)
    {
        foreach (int count in CodeMaterial.Counts)
        {
            var old = new CodeMaterial(parts, bits, count, 3);
            var added = new CodeMaterial(parts, bits, 70, 4);
            CodeList inFile = old.AsInFile(), grown = added.AppendTo(inFile, 0, 70);

            Assert.Equal(Compact(added.AppendTo(old.InMemory(), 0, 70)), Compact(grown));
            Assert.Equal([.. old.Terms, .. added.Terms], grown.Terms.Span[..grown.Count]);
            Assert.Equal([.. old.Ordinals, .. added.Ordinals], grown.Ordinals.Span[..grown.Count]);
            AssertHolds(old, count, inFile);
        }
    }

    [Fact]
    public void Codes_of_8_bits_lie_part_by_part_in_blocks_of_64_and_the_last_block_is_cut()
    {
        const int Parts = 3, Count = 150;
        var material = new CodeMaterial(Parts, 8, Count, 5);
        byte[] compact = Compact(material.InMemory());

        Assert.Equal(Parts * Count, compact.Length);
        for (int i = 0; i < Count; i++)
        {
            int block = i / 64, stride = block == 2 ? Count - 128 : 64;
            for (int m = 0; m < Parts; m++)
                Assert.Equal(material.Code(i)[m], compact[block * 64 * Parts + m * stride + i % 64]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Numbers_that_fill_whole_bytes_lie_byte_by_byte_in_blocks_too_lowest_first(int bits)
    {
        int parts = 24 / bits, each = 8 / bits;
        var material = new CodeMaterial(parts, bits, 100, 7);
        byte[] compact = Compact(material.InMemory());

        Assert.Equal(3 * 100, compact.Length);
        for (int i = 0; i < 100; i++)
        {
            for (int m = 0; m < parts; m++)
            {
                byte at = compact[i / 64 * 64 * 3 + m / each * (i < 64 ? 64 : 36) + i % 64];
                Assert.Equal(material.Code(i)[m], at >> (m % each * bits) & ((1 << bits) - 1));
            }
        }
    }

    [Fact]
    public void Codes_of_other_widths_lie_one_after_the_other()
    {
        var material = new CodeMaterial(5, 6, 100, 6);
        byte[] compact = Compact(material.InMemory());

        Assert.Equal(100 * 4, compact.Length);
        for (int i = 0; i < 100; i++)
        {
            uint code = BitConverter.ToUInt32(compact, i * 4);
            for (int m = 0; m < 5; m++)
                Assert.Equal(material.Code(i)[m], (code >> (6 * m)) & 63);
        }
    }

    [Fact]
    public void A_list_too_long_for_one_piece_is_refused_before_anything_is_made()
    {
        const int Parts = 1 << 20;
        CodeList list = CodeList.Attach(Parts, 16, 2000, default, default, default);

        string message = Assert.Throws<InvalidOperationException>(() => list.Append(new ushort[Parts], [0], [0])).Message;

        Assert.Contains("2001 codes of 2097152 bytes", message, StringComparison.Ordinal);
        Assert.Contains("use more lists", message, StringComparison.Ordinal);
    }

    private static byte[] Compact(CodeList list)
    {
        var bytes = new byte[list.CompactBytes];
        list.CopyCompact(bytes);
        return bytes;
    }

    /// <summary>That a list holds the first codes of the material.</summary>
    private static void AssertHolds(CodeMaterial material, int count, CodeList list)
    {
        Assert.Equal(count, list.Count);
        var numbers = new ushort[material.Parts];
        for (int i = 0; i < count; i++)
        {
            list.Get(i, numbers);
            Assert.Equal(material.Code(i), numbers);
        }

        Assert.Equal(material.Terms.AsSpan(0, count), list.Terms.Span[..count]);
        Assert.Equal(material.Ordinals.AsSpan(0, count), list.Ordinals.Span[..count]);
    }
}
