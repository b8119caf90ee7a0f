using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class CodePackingTests
{
    public static TheoryData<int> Bits() => [.. Enumerable.Range(1, 16)];

    [Theory]
    [MemberData(nameof(Bits))]
    public void Numbers_come_back_as_they_were_packed(int bits)
    {
        var random = new SeededRandom((ulong)bits);
        foreach (int parts in (int[])[1, 2, 3, 7, 8, 9, 16, 33, 100])
        {
            int size = ((parts * bits) + 7) / 8;
            foreach (ushort[] numbers in (ushort[][])
                [
                    [.. Enumerable.Range(0, parts).Select(_ => (ushort)random.Next(1 << bits))],
                    [.. Enumerable.Repeat((ushort)((1 << bits) - 1), parts)],
                    new ushort[parts],
                ])
            {
                // One byte more on each side, which packing must leave alone.
                byte[] code = [.. Enumerable.Repeat((byte)0xA5, size + 2)];
                var back = new ushort[parts];
                CodePacking.Pack(numbers, bits, code.AsSpan(1, size));
                CodePacking.Unpack(code.AsSpan(1, size), bits, back);

                Assert.Equal(numbers, back);
                Assert.Equal((0xA5, 0xA5), (code[0], code[^1]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bits))]
    public void Each_number_occupies_its_own_bits_lowest_first(int bits)
    {
        const int Parts = 11;
        for (int m = 0; m < Parts; m++)
        {
            var numbers = new ushort[Parts];
            numbers[m] = (ushort)((1 << bits) - 1);
            var code = new byte[((Parts * bits) + 7) / 8];
            CodePacking.Pack(numbers, bits, code);

            for (int bit = 0; bit < code.Length * 8; bit++)
                Assert.Equal(bit >= m * bits && bit < (m + 1) * bits, (code[bit / 8] >> (bit % 8) & 1) == 1);
        }
    }
}
