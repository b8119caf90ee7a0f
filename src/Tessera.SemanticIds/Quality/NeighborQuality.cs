using Tessera.Indexes;
using Tessera.Search;
using Tessera.SemanticIds.Codes;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Quality;

/// <summary>
/// Whether items that share a prefix are neighbours. All items of one common prefix tie, mostly thousands; a place among them is
/// as likely as another, so the measures are expectations, and no order of the items flatters them.
/// </summary>
internal sealed class NeighborQuality(Matrix vectors, SemanticCodes codes, QualityOptions options, int threads)
{
    private readonly int _k = Math.Min(options.K, vectors.Rows - 1);

    public (double Recall, double Ndcg) Measure(CancellationToken cancellationToken)
    {
        int[] queries = new SeededRandom(options.Seed).Sample(Math.Min(options.Queries, vectors.Rows), vectors.Rows);
        Neighbor[] nearest = Nearest(queries, cancellationToken);
        var recalls = new double[queries.Length];
        var gains = new double[queries.Length];
        Parallel.For(0, queries.Length, ResidualLevels.Threads(threads, cancellationToken), query =>
        {
            int[] truth = [.. nearest.AsSpan(query * (_k + 1), _k + 1).ToArray().Select(neighbor => (int)neighbor.Id).Where(id => id != queries[query]).Take(_k)];
            (recalls[query], gains[query]) = MeasureOne(queries[query], truth);
        });
        return (recalls.Average(), gains.Average());
    }

    private (double Recall, double Gain) MeasureOne(int query, int[] truth)
    {
        var sizes = new int[codes.Levels + 1];
        for (int item = 0; item < codes.Rows; item++)
            sizes[item == query ? 0 : codes[query].CommonPrefixLength(codes[item])]++;
        // The query itself was counted where it does least.
        sizes[0]--;
        var starts = new int[sizes.Length];
        for (int common = codes.Levels - 1; common >= 0; common--)
            starts[common] = starts[common + 1] + sizes[common + 1];
        double found = 0, gain = 0;
        foreach (int item in truth)
        {
            int common = codes[query].CommonPrefixLength(codes[item]);
            int places = Math.Clamp(_k - starts[common], 0, sizes[common]);
            found += (double)places / sizes[common];
            gain += Discounts(starts[common], places) / sizes[common];
        }

        return (found / _k, gain / Discounts(0, _k));
    }

    private static double Discounts(int start, int count)
    {
        double sum = 0;
        for (int place = start; place < start + count; place++)
            sum += 1 / Math.Log2(place + 2);
        return sum;
    }

    /// <summary>One more than K of each query, since the query is among its own neighbours.</summary>
    private Neighbor[] Nearest(int[] queries, CancellationToken cancellationToken)
    {
        using var index = new FlatIndex(vectors.Dimension, options.Metric);
        index.Add(vectors, cancellationToken: cancellationToken);
        var nearest = new Neighbor[queries.Length * (_k + 1)];
        index.Search(vectors.Select(queries), _k + 1, nearest, null, cancellationToken);
        return nearest;
    }
}
