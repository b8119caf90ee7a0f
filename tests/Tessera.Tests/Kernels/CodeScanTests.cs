using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class CodeScanTests
{
    public static TheoryData<int> Parts() => [1, 2, 3, 7, 8, 56, 100, 255, 256, 257, 258, 300];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Byte_sums_equal_the_sums_taken_one_by_one(int parts)
    {
        Assert.SkipUnless(CodeScan.IsAccelerated, "This machine, or this run, has no byte permutes.");
        foreach (int count in CodeMaterial.Counts)
        {
            var material = new CodeMaterial(parts, 8, count, (ulong)(parts * 1000 + count));
            // As large as tables get: the sum of all parts' largest entries is the largest that 16 bits hold.
            byte[] tables = RandomTables(parts, Math.Min(255, ushort.MaxValue / parts), (ulong)count);
            ushort[] expected = [.. Enumerable.Range(0, count).Select(i => ByteSum(tables, material.Code(i)))];

            Assert.Equal(expected, Sums(material.InMemory(), tables));
            Assert.Equal(expected, Sums(material.AsInFile(), tables));
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_largest_sums_fit(int parts)
    {
        Assert.SkipUnless(CodeScan.IsAccelerated, "This machine, or this run, has no byte permutes.");
        int largest = Math.Min(255, ushort.MaxValue / parts);
        byte[] tables = [.. Enumerable.Repeat((byte)largest, parts * ByteTables.Entries)];
        CodeList list = new CodeMaterial(parts, 8, 200, 1).InMemory();

        Assert.Equal(Enumerable.Repeat((ushort)(parts * largest), 200), Sums(list, tables));
    }

    [Fact]
    public void Every_entry_of_a_table_is_looked_up_in_every_lane()
    {
        Assert.SkipUnless(CodeScan.IsAccelerated, "This machine, or this run, has no byte permutes.");
        byte[] tables = [.. Enumerable.Range(0, ByteTables.Entries).Select(i => (byte)(255 - i * 7))];
        for (int first = 0; first < ByteTables.Entries; first++)
        {
            ushort[] numbers = [.. Enumerable.Range(first, 64).Select(i => (ushort)(i % ByteTables.Entries))];
            CodeList list = CodeList.Empty(1, 8).Append(numbers, new float[64], new int[64]);

            Assert.Equal(numbers.Select(number => (ushort)tables[number]), Sums(list, tables));
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Float_sums_add_up_in_the_order_of_the_parts(int parts)
    {
        float[] tables = TestVectors.Normals(parts * ByteTables.Entries, (ulong)parts);
        foreach (int count in (int[])[1, 3, 4, 5, 63, 64, 65, 130, 200])
        {
            var material = new CodeMaterial(parts, 8, count, (ulong)count);
            foreach (CodeList list in (CodeList[])[material.InMemory(), material.AsInFile()])
            {
                for (int i = 0; i < count; i++)
                {
                    byte[] code = [.. material.Code(i).ToArray().Select(number => (byte)number)];
                    float expected = Scalar.TableSum(tables, ByteTables.Entries, code);
                    (int start, int stride) = list.Locate(i);
                    fixed (byte* codes = list.Codes.Span)
                    fixed (float* table = tables)
                        Assert.Equal(expected, CodeScan.TableSum(table, codes + start, stride, parts));
                    Assert.Equal(expected, BlockSums(list, tables, i / CodeScan.Block)[i % CodeScan.Block]);
                }
            }
        }
    }

    private static byte[] RandomTables(int parts, int largest, ulong seed)
    {
        var random = new SeededRandom(seed, 4);
        var tables = new byte[parts * ByteTables.Entries];
        for (int i = 0; i < tables.Length; i++)
            tables[i] = (byte)random.Next(largest + 1);
        return tables;
    }

    private static ushort ByteSum(byte[] tables, ReadOnlySpan<ushort> code)
    {
        int sum = 0;
        for (int m = 0; m < code.Length; m++)
            sum += tables[m * ByteTables.Entries + code[m]];
        return checked((ushort)sum);
    }

    /// <summary>All sums of a list, group by group as a scan takes them.</summary>
    private static ushort[] Sums(CodeList list, byte[] tables)
    {
        using var aligned = new AlignedBuffer<byte>(tables.Length);
        using var sums = new AlignedBuffer<ushort>(CodeScan.Group);
        tables.CopyTo(aligned.Span);
        var all = new ushort[list.Count];
        fixed (byte* codes = list.Codes.Span)
        {
            for (int at = 0; at < list.Count; at += CodeScan.Group)
            {
                int count = Math.Min(CodeScan.Group, list.Count - at);
                CodeScan.Sums(codes + at * list.Parts, count, list.TailStride, list.Parts, aligned.Pointer, sums.Pointer);
                sums.Span[..count].CopyTo(all.AsSpan(at));
            }
        }

        return all;
    }

    private static float[] BlockSums(CodeList list, float[] tables, int block)
    {
        int first = block * CodeScan.Block, count = Math.Min(CodeScan.Block, list.Count - first);
        (int start, int stride) = list.Locate(first);
        var sums = new float[count];
        fixed (byte* codes = list.Codes.Span)
        fixed (float* table = tables, sum = sums)
            CodeScan.TableSums(table, codes + start, count, stride, list.Parts, sum);
        return sums;
    }
}
