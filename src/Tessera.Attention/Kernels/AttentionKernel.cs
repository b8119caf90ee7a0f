using System.Runtime.Intrinsics;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Kernels;

/// <summary>
/// The three loops of attention over rows that lie one after the other: products with a group of queries, softmax over a
/// block of them, and the weighted sum of rows. Rows are padded with zeros to a multiple of 16 numbers, so that no loop has a
/// tail. One object for each width of registers and format of rows; whoever has it has chosen outside of loops.
/// </summary>
internal abstract unsafe class AttentionKernel
{
    /// <summary>Rows are this many numbers long, or a multiple.</summary>
    public const int Padding = 16;

    /// <summary>Most rows that a block of scores has.</summary>
    public const int Block = 32;

    /// <summary>
    /// How far ahead of the keys that are being scored memory is fetched: enough to hide its latency behind the arithmetic, and
    /// little enough to still be in the first cache when its turn comes (8 KiB measured best, of 4 to 64).
    /// </summary>
    public const int Ahead = 8192;

    /// <summary>Bytes of a number in the rows.</summary>
    public abstract int Bytes { get; }

    /// <summary>The kernel of this machine for rows of a format.</summary>
    public static AttentionKernel For(KeyFormat format) => format switch
    {
        KeyFormat.F16 => For<Float16Rows>(),
        KeyFormat.BF16 => For<BFloat16Rows>(),
        _ => For<Float32Rows>(),
    };

    /// <summary>The kernel that takes one number at a time, as a twin of the others for tests.</summary>
    public static AttentionKernel Scalar(KeyFormat format) => format switch
    {
        KeyFormat.F16 => new AttentionKernel<OpsScalar, RowOpsScalar, float, Float16Rows>(),
        KeyFormat.BF16 => new AttentionKernel<OpsScalar, RowOpsScalar, float, BFloat16Rows>(),
        _ => new AttentionKernel<OpsScalar, RowOpsScalar, float, Float32Rows>(),
    };

    /// <summary>The length that rows of a dimension are padded to.</summary>
    public static int Stride(int dimension) => (dimension + Padding - 1) / Padding * Padding;

    /// <summary>scores[g * scoreStride + i] = query g . row i.</summary>
    /// <param name="queries">Rows of floats, padded.</param>
    /// <param name="group">Queries.</param>
    /// <param name="stride">Length of a row in numbers.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="pitch">Bytes from one row to the next.</param>
    /// <param name="count">Rows, at least 1.</param>
    /// <param name="scores">Receives the products; up to three numbers past the last of each query are overwritten.</param>
    /// <param name="scoreStride">From one query's scores to the next one's; room for the rows rounded up to a multiple of four.</param>
    public abstract void Scores(float* queries, int group, int stride, byte* rows, int pitch, int count, float* scores, int scoreStride);

    /// <summary>
    /// One step of online softmax (Milakov and Gimelshein, 2018) for one query: scores become weights against the larger of
    /// the largest score so far and theirs.
    /// </summary>
    /// <param name="scores">Scores; the caller has padded them with minus infinity to a multiple of 16.</param>
    /// <param name="count">Scores with the padding.</param>
    /// <param name="largest">The largest score so far; minus infinity at the start.</param>
    /// <param name="sum">The sum of the weights so far.</param>
    /// <returns>What everything summed up before must be multiplied by; 1 where nothing changes.</returns>
    public abstract float Softmax(float* scores, int count, ref float largest, ref float sum);

    /// <summary>sums[g] += the sum over i of weights[g * weightStride + i] * row i.</summary>
    public abstract void Accumulate(float* weights, int weightStride, int group, byte* rows, int pitch, int count, int stride, float* sums);

    /// <summary>
    /// The estimated shares of clusters in the attention of a group of queries: shares[i] is the largest over the queries of
    /// e^(score + logCount - offset), where the offset of a query is the logarithm of its estimated sum of weights.
    /// </summary>
    /// <param name="scores">Scores of the clusters' means; readable to a multiple of 16.</param>
    /// <param name="scoreStride">From one query's scores to the next one's.</param>
    /// <param name="group">Queries.</param>
    /// <param name="logCounts">Logarithms of the clusters' counts, likewise readable.</param>
    /// <param name="offsets">One number for each query.</param>
    /// <param name="count">Clusters.</param>
    /// <param name="shares">Receives the shares; room for a multiple of 16.</param>
    public abstract void Shares(float* scores, int scoreStride, int group, float* logCounts, float* offsets, int count, float* shares);

    /// <summary>Adds the weights of clusters to a sum that is kept against the largest exponent so far: e^(score + logCount) each.</summary>
    /// <param name="scores">Scores of one query.</param>
    /// <param name="logCounts">Logarithms of the counts.</param>
    /// <param name="count">Clusters.</param>
    /// <param name="largest">The largest exponent so far; minus infinity at the start.</param>
    /// <param name="sum">The sum so far.</param>
    public abstract void Total(float* scores, float* logCounts, int count, ref float largest, ref float sum);

    private static AttentionKernel For<TFormat>()
        where TFormat : struct, IRowFormat
    {
        if (Vector512.IsHardwareAccelerated)
            return new AttentionKernel<Ops512, RowOps512, Vector512<float>, TFormat>();
        if (Vector256.IsHardwareAccelerated)
            return new AttentionKernel<Ops256, RowOps256, Vector256<float>, TFormat>();
        if (Vector128.IsHardwareAccelerated)
            return new AttentionKernel<Ops128, RowOps128, Vector128<float>, TFormat>();
        return new AttentionKernel<OpsScalar, RowOpsScalar, float, TFormat>();
    }
}
