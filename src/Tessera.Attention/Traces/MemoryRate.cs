using System.Diagnostics;
using System.Numerics;
using Tessera.Kernels;

namespace Tessera.Attention.Traces;

/// <summary>How fast one thread of this machine reads memory: what dense attention is measured by.</summary>
public sealed unsafe class MemoryRate : IDisposable
{
    private readonly AlignedBuffer<float> _memory;
    private float _sum;

    /// <summary>Takes memory.</summary>
    /// <param name="bytes">At least 1024; several times the last-level cache, or what comes from there is measured.</param>
    public MemoryRate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1024);
        _memory = new AlignedBuffer<float>(bytes / sizeof(float) / 64 * 64);
        for (long i = 0; i < _memory.Length; i++)
            _memory.Pointer[i] = i & 7;
    }

    /// <summary>Bytes read in a second, by one pass over the memory with the widest registers that System.Numerics has.</summary>
    public double Measure()
    {
        float* memory = _memory.Pointer;
        long start = Stopwatch.GetTimestamp(), length = _memory.Length;
        Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
        int width = Vector<float>.Count;
        for (long i = 0; i < length; i += 4 * width)
        {
            a += Vector.Load(memory + i);
            b += Vector.Load(memory + i + width);
            c += Vector.Load(memory + i + 2 * width);
            d += Vector.Load(memory + i + 3 * width);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // Kept, so that the reads are not optimised away.
        _sum += Vector.Sum(a + b + c + d);
        return float.IsNaN(_sum) ? 0 : length * sizeof(float) / seconds;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
