using Tessera.Attention.Configuration;
using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Attention.Trees;

/// <summary>
/// Product codes (Jegou, Douze and Schmid, 2011) of what is left of keys when the means of their clusters are taken away.
/// Works, like <see cref="Lloyd"/>, over and over in the same memory; the engine's product quantiser is made and trained once.
/// </summary>
internal sealed unsafe class KeyCoder(BufferPool pool, RowLayout layout) : IDisposable
{
    // Keys that codebooks are learned from at the most: 64 for each of 256 entries.
    private const int MostSampled = 16384;

    private const int Block = 1024;

    private readonly Lloyd _lloyd = new();
    private readonly Panels _left = Panels.Left();
    private readonly Panels _right = Panels.Right();
    private readonly float[] _best = new float[Block];
    private readonly int[] _index = new int[Block];
    private AlignedBuffer<float> _residuals = new(0);
    private AlignedBuffer<float> _part = new(0);
    private float[] _norms = [];
    private ushort[] _numbers = [];
    private Segment _segment = null!;

    /// <summary>Takes up the keys of a segment that was just clustered.</summary>
    public void Begin(Segment segment)
    {
        _segment = segment;
        Room.Grow(ref _residuals, (long)segment.Count * layout.Stride);
        for (int leaf = 0; leaf < segment.Leaves.Count; leaf++)
        {
            ClusterNode node = segment.Leaves.Nodes[leaf];
            ReadOnlySpan<float> mean = segment.Leaves.MeanSpan(leaf);
            for (int row = node.Start; row < node.Start + node.Count; row++)
            {
                Span<float> residual = Residual(row);
                layout.Read(segment.Row(row), residual);
                for (int d = 0; d < residual.Length; d++)
                    residual[d] -= mean[d];
            }
        }
    }

    /// <summary>Learns codebooks from the segment's keys, at least as many as a codebook has entries.</summary>
    /// <param name="config">Parts, bits, iterations.</param>
    /// <param name="random">For the first entries.</param>
    public KeyCodebooks Learn(ProductQuantizationIndexConfig config, ref SeededRandom random)
    {
        KeyCodebooks codebooks = pool.RentCodebooks(config.NumSubquantizers, config.BitsPerSubquantizer, layout.Dimension);
        codebooks.TrainedOn = _segment.Count;
        int sub = codebooks.SubDimension, stride = AttentionKernel.Stride(sub), entries = codebooks.Entries, count = Math.Min(_segment.Count, MostSampled);
        Room.Grow(ref _part, (long)count * stride);
        for (int part = 0; part < codebooks.Parts; part++)
        {
            new Span<float>(_part.Pointer, count * stride).Clear();
            for (int i = 0; i < count; i++)
                Residual((int)((long)i * _segment.Count / count)).Slice(part * sub, sub).CopyTo(_part.Slice((long)i * stride, sub));
            // Chosen anew: codebooks that began with fewer keys end worse when they are only adjusted.
            _lloyd.Run(_part.Pointer, count, stride, entries, isStarted: false, config, ref random);
            ReadOnlySpan<float> centroids = _lloyd.Centroids(stride);
            for (int entry = 0; entry < entries; entry++)
                centroids.Slice(entry * stride, sub).CopyTo(codebooks.Part(part)[(entry * sub)..]);
        }

        return codebooks;
    }

    /// <summary>Gives the segment codes for all its rows.</summary>
    public void Code(KeyCodebooks codebooks)
    {
        _segment.SetCodebooks(codebooks);
        int sub = codebooks.SubDimension, size = codebooks.CodeSize;
        Room.Grow(ref _numbers, Block * codebooks.Parts);
        Room.Grow(ref _norms, codebooks.Entries);
        for (int first = 0; first < _segment.Count; first += Block)
        {
            int count = Math.Min(Block, _segment.Count - first);
            for (int part = 0; part < codebooks.Parts; part++)
            {
                _left.Pack(codebooks.Part(part), codebooks.Entries, sub, sub);
                Distance.SquaredNorms(codebooks.Part(part), sub, _norms.AsSpan(0, codebooks.Entries));
                _right.Pack(_residuals.Slice((long)first * layout.Stride, count * layout.Stride)[(part * sub)..], count, sub, layout.Stride);
                NearestLeft.Find(_left, _norms, _right, 0, _right.PanelCount, _best, _index);
                for (int i = 0; i < count; i++)
                    _numbers[i * codebooks.Parts + part] = (ushort)_index[i];
            }

            for (int i = 0; i < count; i++)
                CodePacking.Pack(_numbers.AsSpan(i * codebooks.Parts, codebooks.Parts), codebooks.Bits, new Span<byte>(_segment.Codes + (long)(first + i) * size, size));
        }
    }

    public void Dispose()
    {
        _lloyd.Dispose();
        _left.Dispose();
        _right.Dispose();
        _residuals.Dispose();
        _part.Dispose();
    }

    private Span<float> Residual(int row) => _residuals.Slice((long)row * layout.Stride, layout.Stride);
}
