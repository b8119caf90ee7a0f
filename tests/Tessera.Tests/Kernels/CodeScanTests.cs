using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class CodeScanTests
{
    public static TheoryData<int> Parts() => [1, 2, 3, 8, 56, 100, 257];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Byte_sums_equal_the_oracle_for_every_number_of_codes(int parts)
    {
        Assert.SkipUnless(CodeScan.IsAccelerated, "This machine has no byte permutes of 512 bits, and the plain scan serves it.");
        using AlignedBuffer<byte> tables = Tables(parts);
        using var sums = new AlignedBuffer<ushort>(CodeScan.Group + 1);
        for (int count = 1; count <= CodeScan.Group; count += count % 64 is > 2 and < 61 ? 7 : 1)
        {
            byte[] numbers = Numbers(count, parts);
            foreach (int tailStride in (int[])[CodeScan.Block, Math.Max(1, count % CodeScan.Block)])
            {
                byte[] codes = Blocked(numbers, count, parts, tailStride);
                sums.Span.Fill(54_321);
                fixed (byte* start = codes)
                    CodeScan.Sums(start, count, tailStride, parts, tables.Pointer, sums.Pointer);

                for (int i = 0; i < count; i++)
                {
                    int expected = 0;
                    for (int m = 0; m < parts; m++)
                        expected += tables.Span[m * 256 + numbers[i * parts + m]];
                    Assert.Equal(expected, sums.Span[i]);
                }

                Assert.Equal(54_321, sums.Span[CodeScan.Group]);
            }
        }
    }

    [Fact]
    public void The_largest_sums_do_not_overflow()
    {
        Assert.SkipUnless(CodeScan.IsAccelerated, "This machine has no byte permutes of 512 bits, and the plain scan serves it.");
        using var tables = new AlignedBuffer<byte>(257 * 256);
        tables.Span.Fill(255);
        using var sums = new AlignedBuffer<ushort>(CodeScan.Group);
        byte[] codes = new byte[CodeScan.Group * 257 + CodeList.ReadAhead];

        fixed (byte* start = codes)
            CodeScan.Sums(start, CodeScan.Group, CodeScan.Block, 257, tables.Pointer, sums.Pointer);

        Assert.All(sums.Span.ToArray(), sum => Assert.Equal(65_535, sum));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Float_sums_equal_the_oracle_to_the_bit(int parts)
    {
        float[] table = TestVectors.Normals(parts * 256, 1);
        for (int count = 0; count <= CodeScan.Block; count++)
        {
            byte[] numbers = Numbers(count, parts);
            foreach (int stride in (int[])[CodeScan.Block, Math.Max(1, count)])
            {
                byte[] codes = Blocked(numbers, count, parts, stride);
                float[] sums = new float[count + 1];
                sums[count] = -1;
                fixed (byte* start = codes)
                fixed (float* entries = table, target = sums)
                {
                    CodeScan.TableSums(entries, start, count, count == CodeScan.Block ? CodeScan.Block : stride, parts, target);
                    for (int i = 0; i < count; i++)
                    {
                        float expected = Scalar.TableSum(table, 256, numbers.AsSpan(i * parts, parts));
                        Assert.Equal(expected, sums[i]);
                        Assert.Equal(expected, CodeScan.TableSum(entries, start + i, count == CodeScan.Block ? CodeScan.Block : stride, parts));
                    }
                }

                Assert.Equal(-1, sums[count]);
            }
        }
    }

    /// <summary>Random byte tables whose largest sums still fit 16 bits.</summary>
    private static AlignedBuffer<byte> Tables(int parts)
    {
        int most = Math.Min(255, ushort.MaxValue / parts);
        return CodeTables.Aligned<byte>(Array.ConvertAll(CodeTables.Numbers(256, parts, 8, 3), number => (byte)(number * most / 255)));
    }

    private static byte[] Numbers(int count, int parts) => Array.ConvertAll(CodeTables.Numbers(count, parts, 8, (ulong)count), number => (byte)number);

    /// <summary>Codes in blocks of 64, the last one with rows <paramref name="tailStride"/> apart, and bytes behind that must not count.</summary>
    private static byte[] Blocked(byte[] numbers, int count, int parts, int tailStride)
    {
        var codes = new byte[(count + CodeScan.Block) * parts + CodeList.ReadAhead];
        Array.Fill(codes, (byte)0xEE);
        for (int i = 0; i < count; i++)
        {
            int block = i / CodeScan.Block, stride = block == count / CodeScan.Block ? tailStride : CodeScan.Block;
            for (int m = 0; m < parts; m++)
                codes[block * CodeScan.Block * parts + m * stride + i % CodeScan.Block] = numbers[i * parts + m];
        }

        return codes;
    }
}
