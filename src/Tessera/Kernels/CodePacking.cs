namespace Tessera.Kernels;

/// <summary>Numbers of 1 to 16 bits, one after the other in bytes, lowest bit first.</summary>
internal static class CodePacking
{
    public static void Pack(ReadOnlySpan<ushort> numbers, int bits, Span<byte> code)
    {
        uint held = 0;
        int have = 0, at = 0;
        foreach (ushort number in numbers)
        {
            held |= (uint)number << have;
            for (have += bits; have >= 8; have -= 8, held >>= 8)
                code[at++] = (byte)held;
        }

        if (have > 0)
            code[at] = (byte)held;
    }

    public static void Unpack(ReadOnlySpan<byte> code, int bits, Span<ushort> numbers)
    {
        uint held = 0, mask = (1u << bits) - 1;
        int have = 0, at = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            for (; have < bits; have += 8)
                held |= (uint)code[at++] << have;
            numbers[i] = (ushort)(held & mask);
            held >>= bits;
            have -= bits;
        }
    }
}
