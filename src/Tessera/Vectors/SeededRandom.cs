using System.Numerics;

namespace Tessera.Vectors;

/// <summary>xoshiro256** (Blackman and Vigna, 2018): the same numbers from the same seed on every machine and runtime, which System.Random does not promise.</summary>
public struct SeededRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts the stream number <paramref name="stream"/> of a seed; streams are independent.</summary>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        // SplitMix64 spreads the seed over the state, as the authors advise.
        ulong z = seed + stream * 0xD1342543DE82EF95;
        _s0 = SplitMix(ref z);
        _s1 = SplitMix(ref z);
        _s2 = SplitMix(ref z);
        _s3 = SplitMix(ref z);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, bound), for a bound of at least 1.</summary>
    public int Next(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>Standard normal, by the sum of twelve uniforms: enough for random directions.</summary>
    public double NextNormal()
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
            sum += NextDouble();
        return sum;
    }

    /// <summary>Draws distinct numbers below <paramref name="bound"/>, in ascending order (Floyd's method would need a set; this scans once).</summary>
    public int[] Sample(int count, int bound)
    {
        var chosen = new int[count];
        for (int i = 0, taken = 0; taken < count; i++)
        {
            // Selection sampling (Knuth 3.4.2, algorithm S).
            if (NextDouble() * (bound - i) < count - taken)
                chosen[taken++] = i;
        }

        return chosen;
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
