using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tessera.Storage;

/// <summary>
/// CRC-32C (Castagnoli, as in iSCSI and ext4; "123456789" gives E3069283). One stream of 8-byte steps; several
/// interleaved would have to be combined, for a check that waits for the file's pages anyway.
/// </summary>
internal static class Crc32C
{
    /// <summary>What <see cref="Append"/> starts from.</summary>
    public const uint Start = 0xFFFFFFFF;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));

    public static uint Finish(uint state) => ~state;

    /// <summary>Continues a checksum; where the bytes are cut into pieces makes no difference.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        ref byte start = ref MemoryMarshal.GetReference(bytes);
        nuint words = (nuint)bytes.Length & ~(nuint)7;
        for (nuint i = 0; i < words; i += 8)
            state = BitOperations.Crc32C(state, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i)));
        foreach (byte rest in bytes[(int)words..])
            state = BitOperations.Crc32C(state, rest);
        return state;
    }
}
