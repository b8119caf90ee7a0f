using System.Numerics;
using Tessera.Attention.Trees;
using Tessera.Kernels;

namespace Tessera.Attention.Storage;

/// <summary>
/// Native memory that segments give back and take again, in powers of two: a cache that has reached its size, or was reset and
/// fills up anew, allocates nothing more. Threads may share it.
/// </summary>
internal sealed class BufferPool : IDisposable
{
    private const int LeastBytes = 4096;

    private readonly Stack<AlignedBuffer<byte>>[] _free = new Stack<AlignedBuffer<byte>>[64];
    private readonly Stack<Segment> _segments = new();
    private readonly Stack<ClusterLevel> _levels = new();
    private readonly Stack<KeyCodebooks> _codebooks = new();
    private readonly Lock _lock = new();

    /// <summary>Bytes handed out and kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>Room for at least so many bytes, not cleared.</summary>
    public AlignedBuffer<byte> Rent(long bytes)
    {
        int size = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, LeastBytes)));
        lock (_lock)
        {
            if (_free[size] is { Count: > 0 } free)
                return free.Pop();
            Bytes += 1L << size;
        }

        return new AlignedBuffer<byte>(1L << size);
    }

    public void Return(AlignedBuffer<byte> buffer)
    {
        int size = BitOperations.Log2((ulong)buffer.Length);
        lock (_lock)
            (_free[size] ??= new Stack<AlignedBuffer<byte>>()).Push(buffer);
    }

    /// <summary>A segment with room for some rows.</summary>
    public Segment RentSegment(RowLayout layout, int capacity)
    {
        Segment? segment;
        lock (_lock)
            _segments.TryPop(out segment);
        return (segment ?? new Segment(this)).Begin(layout, capacity);
    }

    public void Return(Segment segment)
    {
        lock (_lock)
            _segments.Push(segment);
    }

    /// <summary>An empty level with room for some clusters.</summary>
    public ClusterLevel RentLevel(int slots, int stride)
    {
        ClusterLevel? level;
        lock (_lock)
            _levels.TryPop(out level);
        return (level ?? new ClusterLevel(this)).Begin(slots, stride);
    }

    public void Return(ClusterLevel level)
    {
        lock (_lock)
            _levels.Push(level);
    }

    /// <summary>Codebooks for keys of a dimension, to be filled in.</summary>
    public KeyCodebooks RentCodebooks(int parts, int bits, int dimension)
    {
        KeyCodebooks? codebooks;
        lock (_lock)
            _codebooks.TryPop(out codebooks);
        return (codebooks ?? new KeyCodebooks(this)).Begin(parts, bits, dimension);
    }

    public void Return(KeyCodebooks codebooks)
    {
        lock (_lock)
            _codebooks.Push(codebooks);
    }

    /// <summary>Frees what is not handed out.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Stack<AlignedBuffer<byte>>? free in _free)
            {
                while (free is { Count: > 0 })
                    free.Pop().Dispose();
            }
        }
    }
}
