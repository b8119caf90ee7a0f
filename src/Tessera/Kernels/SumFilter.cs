using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tessera.Kernels;

/// <summary>Picks, among codes whose byte sums are known, those whose approximate distance is below a limit.</summary>
internal static unsafe class SumFilter
{
    /// <summary>Lists the codes with <c>offset + terms[i] + scale * sums[i]</c> below the limit.</summary>
    /// <param name="sums">One a code, readable to a multiple of 16.</param>
    /// <param name="terms">One a code, readable to a multiple of 16.</param>
    /// <param name="count">Codes.</param>
    /// <param name="offset">Added to all.</param>
    /// <param name="scale">What one step of a sum stands for.</param>
    /// <param name="limit">The distance to stay below.</param>
    /// <param name="positions">Receives the codes' numbers; room for all.</param>
    /// <param name="distances">Receives their approximate distances, likewise.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Below(ushort* sums, float* terms, int count, float offset, float scale, float limit, int* positions, float* distances)
    {
        int found = 0, i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> offsets = Vector512.Create(offset), scales = Vector512.Create(scale), limits = Vector512.Create(limit);
            float* values = stackalloc float[16];
            for (; i < count; i += 16)
            {
                Vector512<float> sum = Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.Load(sums + i).ToVector512Unsafe()).AsInt32());
                Vector512<float> distance = Vector512.FusedMultiplyAdd(sum, scales, Vector512.Load(terms + i) + offsets);
                ulong below = Vector512.LessThan(distance, limits).ExtractMostSignificantBits();
                if (below == 0)
                    continue;
                distance.Store(values);
                for (; below != 0; below &= below - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(below);
                    if (i + lane >= count)
                        break;
                    positions[found] = i + lane;
                    distances[found++] = values[lane];
                }
            }

            return found;
        }

        for (; i < count; i++)
        {
            float distance = offset + terms[i] + scale * sums[i];
            if (distance < limit)
            {
                positions[found] = i;
                distances[found++] = distance;
            }
        }

        return found;
    }
}
