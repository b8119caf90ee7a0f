using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class CodeListTests
{
    private static readonly int[] Sizes = [0, 1, 2, 63, 64, 65, 128, 200];

    public static TheoryData<int, int> Shapes()
    {
        var shapes = new TheoryData<int, int>();
        foreach (int bits in Enumerable.Range(1, 16))
            foreach (int parts in (int[])[1, 3, 8, 17])
                shapes.Add(parts, bits);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Codes_that_are_appended_are_read_back(int parts, int bits)
    {
        Reference all = Reference.Make(300, parts, bits);
        CodeList list = CodeList.Empty(parts, bits);
        int at = 0;
        foreach (int piece in (int[])[1, 2, 60, 1, 64, 0, 130, 42])
        {
            list = all.Append(list, at, piece);
            at += piece;
            all.AssertHolds(list, at);
        }

        Assert.Equal((parts * bits + 7) / 8, list.CodeSize);
        Assert.Equal(bits == 8, list.IsBlocked);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Codes_read_from_a_file_are_the_same_and_can_be_added_to(int parts, int bits)
    {
        Reference all = Reference.Make(400, parts, bits);
        foreach (int count in Sizes)
        {
            CodeList written = all.Append(all.Append(CodeList.Empty(parts, bits), 0, count / 2), count / 2, count - count / 2);

            CodeList read = Reopen(written);
            all.AssertHolds(read, count);
            Assert.Equal(Compact(written), Compact(read));

            all.AssertHolds(all.Append(read, count, 70), count + 70);
            all.AssertHolds(read, count);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    public void A_reader_of_an_earlier_moment_is_undisturbed(int bits)
    {
        Reference all = Reference.Make(500, 4, bits);
        var moments = new List<CodeList> { CodeList.Empty(4, bits) };
        foreach (int size in Enumerable.Range(1, 40))
            moments.Add(all.Append(moments[^1], moments[^1].Count, size % 13));

        Assert.All(moments, moment => all.AssertHolds(moment, moment.Count));
    }

    [Fact]
    public void Blocked_codes_lie_part_by_part_in_blocks_of_64()
    {
        Reference all = Reference.Make(100, 3, 8);
        CodeList list = all.Append(CodeList.Empty(3, 8), 0, 100);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal((i / 64 * 192 + i % 64, 64), list.Locate(i));
            for (int m = 0; m < 3; m++)
                Assert.Equal(all.Numbers[i * 3 + m], list.Codes.Span[i / 64 * 192 + m * 64 + i % 64]);
        }

        // In a file the last block is cut to the codes that there are.
        Assert.Equal((192 + 5, 36), Reopen(list).Locate(69));
        Assert.Equal((5, 64), Reopen(list).Locate(5));
        Assert.Equal(300, list.CompactBytes);
    }

    private static byte[] Compact(CodeList list)
    {
        var bytes = new byte[list.CompactBytes];
        list.CopyCompact(bytes);
        return bytes;
    }

    private static CodeList Reopen(CodeList list)
    {
        // Behind the end of a list lies the next one.
        byte[] file = [.. Compact(list), .. Enumerable.Repeat((byte)0xEE, CodeList.ReadAhead)];
        return CodeList.Attach(
            list.Parts, list.Bits, list.Count, file.AsMemory(0, list.CompactBytes), list.Terms[..list.Count].ToArray(), list.Ordinals[..list.Count].ToArray());
    }

    private sealed record Reference(int Parts, ushort[] Numbers, float[] Terms, int[] Ordinals)
    {
        public static Reference Make(int count, int parts, int bits)
        {
            var random = new SeededRandom(5);
            return new Reference(parts, CodeTables.Numbers(count, parts, bits, 1), TestVectors.Normals(count, 2), [.. Enumerable.Range(0, count).Select(_ => random.Next(1 << 30))]);
        }

        public CodeList Append(CodeList list, int at, int count) =>
            list.Append(Numbers.AsSpan(at * Parts, count * Parts), Terms.AsSpan(at, count), Ordinals.AsSpan(at, count));

        public void AssertHolds(CodeList list, int count)
        {
            Assert.Equal(count, list.Count);
            var read = new ushort[count * Parts];
            for (int i = 0; i < count; i++)
                list.Get(i, read.AsSpan(i * Parts, Parts));
            Assert.Equal(Numbers[..(count * Parts)], read);
            Assert.Equal(Terms[..count], list.Terms.Span[..count].ToArray());
            Assert.Equal(Ordinals[..count], list.Ordinals.Span[..count].ToArray());
        }
    }
}
