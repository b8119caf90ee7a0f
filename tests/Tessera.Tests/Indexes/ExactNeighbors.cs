using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>The answers as one would find them on paper, in double precision, and the ways to ask an index for its own.</summary>
internal static class ExactNeighbors
{
    /// <summary>The k nearest vectors to a query, ties by the order of adding, <see cref="Neighbor.None"/> where there are fewer.</summary>
    public static Neighbor[] Of(Metric metric, Matrix vectors, ReadOnlySpan<float> query, int k)
    {
        var distances = new double[vectors.Rows];
        for (int i = 0; i < distances.Length; i++)
            distances[i] = Distance(metric, query, vectors[i]);
        return
        [
            .. distances.Index().OrderBy(pair => pair.Item).ThenBy(pair => pair.Index).Take(k).Select(pair => new Neighbor(pair.Index, (float)pair.Item)),
            .. Enumerable.Repeat(Neighbor.None, Math.Max(0, k - vectors.Rows)),
        ];
    }

    public static double Distance(Metric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double product = 0, squares = 0, normA = 0, normB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squares += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            normA += (double)a[i] * a[i];
            normB += (double)b[i] * b[i];
        }

        return metric switch
        {
            Metric.L2 => squares,
            Metric.InnerProduct => -product,
            _ => normA == 0 || normB == 0 ? 1 : 1 - product / Math.Sqrt(normA * normB),
        };
    }

    /// <summary>One search for each query.</summary>
    public static Neighbor[][] OneByOne(this VectorIndex index, Matrix queries, int k, SearchOptions? options = null)
    {
        var all = new Neighbor[queries.Rows][];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = new Neighbor[k];
            int found = index.Search(queries[i], all[i], options);
            Assert.Equal(all[i].Count(answer => answer.Id >= 0), found);
            Assert.All(all[i][found..], answer => Assert.Equal(Neighbor.None, answer));
        }

        return all;
    }

    /// <summary>One search for all queries together.</summary>
    public static Neighbor[][] Together(this VectorIndex index, Matrix queries, int k, SearchOptions? options = null)
    {
        var all = new Neighbor[queries.Rows * k];
        index.Search(queries, k, all, options, TestContext.Current.CancellationToken);
        return [.. all.Chunk(k)];
    }

    /// <summary>Share of the true k nearest that were found.</summary>
    public static double Recall(Neighbor[][] truth, Neighbor[][] found) =>
        truth.Zip(found, (t, f) => t.Count(neighbor => f.Any(answer => answer.Id == neighbor.Id)) / (double)t.Length).Average();
}
