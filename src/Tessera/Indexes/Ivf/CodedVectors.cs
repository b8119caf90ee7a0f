using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>Vectors on their way into an inverted file: the list of each, the code of its residual (or of itself), and for L2 the term that its distance needs.</summary>
internal sealed class CodedVectors
{
    private const int Block = 1024;

    /// <summary>
    /// How much of a code's squared error e is added to its distances. For a query far from the vector the expected distance
    /// is the code's plus e, for one right beside it the code's less e; a quarter of e found most neighbours on image and word
    /// vectors with codes of 4 and 8 bits.
    /// </summary>
    private const float ErrorShare = 0.25f;

    private readonly int _parts;
    private readonly int[] _nearest;
    private readonly ushort[] _numbers;
    private readonly float[] _terms;

    public CodedVectors(Matrix vectors, CoarseQuantizer coarse, TableCodes codes, int parts, bool residual, Metric metric, int threads, Action<long>? progress, CancellationToken cancellationToken)
    {
        _parts = parts;
        _numbers = new ushort[(long)vectors.Rows * _parts];
        _terms = new float[vectors.Rows];
        _nearest = coarse.Assign(vectors, threads, cancellationToken);

        int workers = Workers.Count(threads), dimension = vectors.Dimension;
        long done = 0;
        var scratch = new Scratch[workers];
        for (int i = 0; i < workers; i++)
            scratch[i] = new Scratch(codes.NewEncoder(Block), new float[Block * dimension], new float[dimension]);
        Workers.For((vectors.Rows + Block - 1) / Block, workers, (block, worker) =>
        {
            int start = block * Block, count = Math.Min(Block, vectors.Rows - start);
            (ITableEncoder encoder, float[] residuals, float[] decoded) = scratch[worker];
            vectors.Slice(start, count).Span.CopyTo(residuals);
            for (int i = 0; i < count && residual; i++)
                Accumulate.AddScaled(residuals.AsSpan(i * dimension, dimension), -1, coarse.Centroids[_nearest[start + i]]);
            Span<ushort> numbers = _numbers.AsSpan(start * _parts, count * _parts);
            encoder.Encode(residuals, count, numbers);
            for (int i = 0; i < count && metric != Metric.InnerProduct; i++)
            {
                codes.Decode(numbers.Slice(i * _parts, _parts), decoded);
                float product = residual ? Distance.Dot(decoded, coarse.Centroids[_nearest[start + i]]) : 0;
                _terms[start + i] = Distance.Dot(decoded, decoded) + 2 * product
                    + ErrorShare * Distance.SquaredL2(decoded, residuals.AsSpan(i * dimension, dimension));
                // 1 - cos is half the squared distance of vectors of length 1; one of length 0 must not look nearer for it.
                if (metric == Metric.Cosine && !vectors[start + i].ContainsAnyExcept(0))
                    _terms[start + i] += 1;
            }

            progress?.Invoke(Interlocked.Add(ref done, count));
        }, cancellationToken);
        foreach (Scratch each in scratch)
            each.Encoder.Dispose();
    }

    /// <summary>New versions of all lists, with these vectors behind in their own order.</summary>
    /// <param name="lists">The lists as they are.</param>
    /// <param name="firstOrdinal">The ordinal of the first of these vectors.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between lists.</param>
    public CodeList[] AppendTo(CodeList[] lists, int firstOrdinal, int threads, CancellationToken cancellationToken)
    {
        var membersOf = new ListMembers(_nearest, lists.Length);
        var longer = (CodeList[])lists.Clone();
        Workers.For(lists.Length, threads, (list, _) =>
        {
            ReadOnlySpan<int> members = membersOf[list];
            if (members.IsEmpty)
                return;
            var numbers = new ushort[members.Length * _parts];
            var terms = new float[members.Length];
            var ordinals = new int[members.Length];
            for (int i = 0; i < members.Length; i++)
            {
                _numbers.AsSpan(members[i] * _parts, _parts).CopyTo(numbers.AsSpan(i * _parts));
                terms[i] = _terms[members[i]];
                ordinals[i] = firstOrdinal + members[i];
            }

            longer[list] = lists[list].Append(numbers, terms, ordinals);
        }, cancellationToken);
        return longer;
    }

    private sealed record Scratch(ITableEncoder Encoder, float[] Residuals, float[] Decoded);
}
