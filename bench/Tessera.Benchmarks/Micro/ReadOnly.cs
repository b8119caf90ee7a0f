using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Benchmarks.Micro;

/// <summary>Reads bytes and does next to nothing with them: the most that one core reads, and so the measure of whatever goes through codes.</summary>
internal static unsafe class ReadOnly
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Run(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            Vector512<ulong> a = default, b = a, c = a, d = a;
            for (nint i = 0; i + 256 <= bytes.Length; i += 256)
            {
                a ^= Vector512.Load((ulong*)(start + i));
                b ^= Vector512.Load((ulong*)(start + i + 64));
                c ^= Vector512.Load((ulong*)(start + i + 128));
                d ^= Vector512.Load((ulong*)(start + i + 192));
            }

            return Vector512.Sum(a ^ b ^ c ^ d);
        }
    }
}
