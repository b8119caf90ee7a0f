using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Trees;

/// <summary>The clusters of one level of a segment's tree. Means lie as tokens do, key then value, always in float32.</summary>
internal sealed unsafe class ClusterLevel(BufferPool pool)
{
    // Log counts are read 16 at a time.
    private const int Spare = 16;

    private AlignedBuffer<byte> _means = null!;
    private AlignedBuffer<byte> _nodes = null!;
    private AlignedBuffer<byte> _logCounts = null!;

    /// <summary>Clusters that the level has room for.</summary>
    public int Slots { get; private set; }

    /// <summary>Slots in use or skipped; those of no key are empty.</summary>
    public int Count { get; set; }

    public int Stride { get; private set; }

    /// <summary>Bytes from one mean to the next.</summary>
    public int Pitch => 2 * Stride * sizeof(float);

    public byte* Means => _means.Pointer;

    public ClusterNode* Nodes => (ClusterNode*)_nodes.Pointer;

    /// <summary>The natural logarithms of the counts; minus infinity for empty slots.</summary>
    public float* LogCounts => (float*)_logCounts.Pointer;

    public float* Mean(int node) => (float*)(Means + (long)node * Pitch);

    public float* ValueMean(int node) => Mean(node) + Stride;

    public Span<float> MeanSpan(int node) => new(Mean(node), Stride);

    public Span<float> ValueMeanSpan(int node) => new(ValueMean(node), Stride);

    /// <summary>Takes memory for empty slots.</summary>
    public ClusterLevel Begin(int slots, int stride)
    {
        (Slots, Stride, Count) = (slots, stride, 0);
        _means = pool.Rent((long)slots * Pitch);
        _nodes = pool.Rent((long)slots * sizeof(ClusterNode));
        _logCounts = pool.Rent((long)(slots + Spare) * sizeof(float));
        new Span<byte>(Means, Slots * Pitch).Clear();
        new Span<ClusterNode>(Nodes, Slots).Clear();
        new Span<float>(LogCounts, Slots + Spare).Fill(float.NegativeInfinity);
        return this;
    }

    /// <summary>Sets what follows from the count and the mean value.</summary>
    public void Refresh(int node)
    {
        LogCounts[node] = Nodes[node].Count == 0 ? float.NegativeInfinity : MathF.Log(Nodes[node].Count);
        Nodes[node].ValueNorm = MathF.Sqrt(Distance.Dot(ValueMeanSpan(node), ValueMeanSpan(node)));
    }

    public void CopyFrom(ClusterLevel other)
    {
        Count = other.Count;
        new ReadOnlySpan<byte>(other.Means, other.Slots * Pitch).CopyTo(new Span<byte>(Means, Slots * Pitch));
        new ReadOnlySpan<ClusterNode>(other.Nodes, other.Slots).CopyTo(new Span<ClusterNode>(Nodes, Slots));
        new ReadOnlySpan<float>(other.LogCounts, other.Slots + Spare).CopyTo(new Span<float>(LogCounts, Slots + Spare));
    }

    /// <summary>Gives the memory back, and itself.</summary>
    public void Release()
    {
        pool.Return(_means);
        pool.Return(_nodes);
        pool.Return(_logCounts);
        pool.Return(this);
    }
}
