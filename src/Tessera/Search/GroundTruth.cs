using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Search;

/// <summary>The true nearest neighbours of a set of queries: what recall is measured against.</summary>
public sealed class GroundTruth
{
    private readonly ReadOnlyMemory<long> _ids;

    /// <summary>Wraps ids that are known already, such as those of an <c>.ivecs</c> file.</summary>
    /// <param name="ids">Row-major: <paramref name="k"/> ids for each query, nearest first; -1 where the base holds fewer vectors.</param>
    /// <param name="k">Ids in a row, at least 1.</param>
    /// <exception cref="ArgumentException">The length is not a whole number of rows, or is 0.</exception>
    public GroundTruth(ReadOnlyMemory<long> ids, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (ids.IsEmpty || ids.Length % k != 0)
            throw new ArgumentException($"{ids.Length} ids are not one or more rows of {k}.", nameof(ids));
        _ids = ids;
        K = k;
        Queries = ids.Length / k;
    }

    /// <summary>Number of queries.</summary>
    public int Queries { get; }

    /// <summary>Neighbours known of each query.</summary>
    public int K { get; }

    /// <summary>The ids of the <see cref="K"/> nearest vectors to one query, nearest first.</summary>
    public ReadOnlySpan<long> this[int query] => _ids.Span.Slice(checked(query * K), K);

    /// <summary>
    /// Finds the true neighbours by comparing every query with every vector, through a flat index over one block at a time,
    /// so that the base may be larger than memory. Takes O(vectors * queries * dimension).
    /// </summary>
    /// <param name="baseBlocks">The vectors, in blocks; a vector's id is its number over all blocks.</param>
    /// <param name="queries">Rows of the same dimension.</param>
    /// <param name="k">Neighbours of each query, at least 1; places beyond the number of vectors hold -1.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="threads">Threads; 0 (default) uses every processor.</param>
    /// <param name="progress">Told after each block how many vectors were compared.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="ArgumentException">There are no vectors or no queries, or the dimensions differ.</exception>
    public static GroundTruth Compute(
        IEnumerable<Matrix> baseBlocks,
        Matrix queries,
        int k,
        Metric metric = Metric.L2,
        int threads = 0,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(baseBlocks);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (queries.Rows == 0)
            throw new ArgumentException("There are no queries; give at least one row.", nameof(queries));

        int length = checked(queries.Rows * k);
        var best = new Neighbor[length];
        Array.Fill(best, Neighbor.None);
        var ofBlock = new Neighbor[length];
        var merged = new Neighbor[k];
        var searching = new SearchOptions { Threads = threads };
        var adding = new BuildOptions { Threads = threads };
        long firstId = 0;
        foreach (var block in baseBlocks)
        {
            using var index = new FlatIndex(queries.Dimension, metric);
            index.Add(block, options: adding, cancellationToken: cancellationToken);
            index.Search(queries, k, ofBlock, searching, cancellationToken);
            for (int query = 0; query < queries.Rows; query++)
                Merge(best.AsSpan(query * k, k), ofBlock.AsSpan(query * k, k), firstId, merged);
            firstId += block.Rows;
            progress?.Report(firstId);
        }

        if (firstId == 0)
            throw new ArgumentException("There are no base vectors; give at least one row.", nameof(baseBlocks));
        return new GroundTruth(Array.ConvertAll(best, neighbor => neighbor.Id), k);
    }

    /// <summary>Merges the answers of a later block into the best so far; on equal distances the earlier block's stay in front.</summary>
    private static void Merge(Span<Neighbor> best, ReadOnlySpan<Neighbor> ofBlock, long firstId, Span<Neighbor> merged)
    {
        int fromBest = 0, fromBlock = 0;
        for (int i = 0; i < merged.Length; i++)
        {
            var later = ofBlock[fromBlock];
            if (later.Id >= 0 && (best[fromBest].Id < 0 || later.Distance < best[fromBest].Distance))
            {
                merged[i] = later with { Id = later.Id + firstId };
                fromBlock++;
            }
            else
            {
                merged[i] = best[fromBest++];
            }
        }

        merged.CopyTo(best);
    }
}
