using System.Runtime.Intrinsics;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Kernels;

/// <summary>
/// Attention of a group of queries over rows that come block by block: no score outlives its block. Sums, largest scores and
/// room for a block; grows to the largest group and dimension met, then allocates nothing.
/// </summary>
internal sealed unsafe class OnlineSoftmax : IDisposable
{
    private AlignedBuffer<float> _queries = new(0);
    private AlignedBuffer<float> _sums = new(0);
    private AlignedBuffer<float> _scores = new(0);
    private AlignedBuffer<float> _totals = new(0);

    /// <summary>Queries.</summary>
    public int Group { get; private set; }

    /// <summary>Padded length of a row.</summary>
    public int Stride { get; private set; }

    /// <summary>The queries, scaled by the caller.</summary>
    public float* Queries => _queries.Pointer;

    /// <summary>The weighted sums of values.</summary>
    public float* Sums => _sums.Pointer;

    /// <summary>Room for the scores of a block: <see cref="AttentionKernel.Block"/> for each query.</summary>
    public float* Scores => _scores.Pointer;

    /// <summary>The largest score of each query so far.</summary>
    public float* Largest => _totals.Pointer;

    /// <summary>The sum of the weights of each query so far, against the largest score.</summary>
    public float* Weights => _totals.Pointer + Group;

    /// <summary>Starts a group of queries; they are to be written to <see cref="Queries"/>, padded with zeros.</summary>
    public void Begin(int group, int stride)
    {
        (Group, Stride) = (group, stride);
        Room.Grow(ref _queries, (long)group * stride);
        Room.Grow(ref _sums, (long)group * stride);
        Room.Grow(ref _scores, (long)group * AttentionKernel.Block);
        Room.Grow(ref _totals, 2L * group);
        new Span<float>(Queries, group * stride).Clear();
        new Span<float>(Sums, group * stride).Clear();
        new Span<float>(Largest, group).Fill(float.NegativeInfinity);
        new Span<float>(Weights, group).Clear();
    }

    /// <summary>Attends to rows that lie one after the other, each a key with its value behind it.</summary>
    public void Add(AttentionKernel kernel, byte* rows, int count)
    {
        int half = Stride * kernel.Bytes, pitch = 2 * half;
        long blockBytes = (long)AttentionKernel.Block * pitch;
        for (; count > 0; count -= AttentionKernel.Block, rows += blockBytes)
        {
            int block = Math.Min(count, AttentionKernel.Block);
            kernel.Scores(Queries, Group, Stride, rows, pitch, block, Scores, AttentionKernel.Block);
            AddScored(kernel, rows + half, pitch, block);
        }
    }

    /// <summary>The same for the rows before a place only; all are scored, since those that count lie among the others.</summary>
    /// <param name="kernel">The kernel for the rows.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="positions">Their places.</param>
    /// <param name="count">Rows.</param>
    /// <param name="end">The first place that does not count.</param>
    public void AddBefore(AttentionKernel kernel, byte* rows, int* positions, int count, int end)
    {
        int half = Stride * kernel.Bytes, pitch = 2 * half;
        for (int first = 0; first < count; first += AttentionKernel.Block)
        {
            int block = Math.Min(count - first, AttentionKernel.Block);
            byte* row = rows + (long)first * pitch;
            kernel.Scores(Queries, Group, Stride, row, pitch, block, Scores, AttentionKernel.Block);
            for (int i = 0; i < block; i++)
            {
                for (int g = 0; g < Group && positions[first + i] >= end; g++)
                    Scores[g * AttentionKernel.Block + i] = float.NegativeInfinity;
            }

            AddScored(kernel, row + half, pitch, block);
        }
    }

    /// <summary>Attends to a block of values whose scores lie in <see cref="Scores"/>; those of minus infinity do not count.</summary>
    /// <param name="kernel">The kernel for the values.</param>
    /// <param name="values">The values.</param>
    /// <param name="pitch">Bytes from one value to the next.</param>
    /// <param name="count">Values, at most <see cref="AttentionKernel.Block"/>.</param>
    public void AddScored(AttentionKernel kernel, byte* values, int pitch, int count)
    {
        int padded = (count + AttentionKernel.Padding - 1) / AttentionKernel.Padding * AttentionKernel.Padding;
        float* totals = Largest;
        for (int g = 0; g < Group; g++)
        {
            float* scores = Scores + g * AttentionKernel.Block;
            new Span<float>(scores + count, padded - count).Fill(float.NegativeInfinity);
            float scale = kernel.Softmax(scores, padded, ref totals[g], ref totals[Group + g]);
            if (scale != 1)
                Rescale(Sums + g * Stride, scale);
        }

        kernel.Accumulate(Scores, AttentionKernel.Block, Group, values, pitch, count, Stride, Sums);
    }

    /// <summary>Writes the weighted mean for one query.</summary>
    public void Finish(int query, Span<float> output)
    {
        float inverse = 1 / Weights[query];
        float* sums = Sums + query * Stride;
        for (int d = 0; d < output.Length; d++)
            output[d] = sums[d] * inverse;
    }

    public void Dispose()
    {
        _queries.Dispose();
        _sums.Dispose();
        _scores.Dispose();
        _totals.Dispose();
    }

    private void Rescale(float* sums, float scale)
    {
        Vector128<float> factor = Vector128.Create(scale);
        for (int d = 0; d < Stride; d += Vector128<float>.Count)
            (Vector128.Load(sums + d) * factor).Store(sums + d);
    }
}
