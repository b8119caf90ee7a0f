using Tessera.Vectors;

namespace Tessera.Attention.Traces;

/// <summary>Keys, values and queries of one layer, made up or recorded.</summary>
/// <param name="Keys">For each key head its keys, a row for each token.</param>
/// <param name="Values">For each key head its values.</param>
/// <param name="Queries">For each query head its queries.</param>
public sealed record KvTrace(IReadOnlyList<Matrix> Keys, IReadOnlyList<Matrix> Values, IReadOnlyList<Matrix> Queries)
{
    /// <summary>Tokens.</summary>
    public int Tokens => Keys[0].Rows;

    /// <summary>Numbers of a head.</summary>
    public int Dimension => Keys[0].Dimension;

    /// <summary>Key heads.</summary>
    public int KeyHeads => Keys.Count;

    /// <summary>Query heads.</summary>
    public int QueryHeads => Queries.Count;

    /// <summary>Queries of each head.</summary>
    public int QueryCount => Queries[0].Rows;

    /// <summary>Makes up a trace.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static KvTrace Create(KvTraceOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int group = options.QueryHeads / options.KeyHeads;
        var keys = new Matrix[options.KeyHeads];
        var values = new Matrix[options.KeyHeads];
        var queries = new Matrix[options.QueryHeads];
        Parallel.For(0, options.KeyHeads, new ParallelOptions { CancellationToken = cancellationToken }, head =>
        {
            var made = new TraceHead(options, head);
            (keys[head], values[head]) = made.Tokens();
            for (int g = 0; g < group; g++)
                queries[head * group + g] = made.Queries(g);
        });
        return new KvTrace(keys, values, queries);
    }

    /// <summary>Adds a range of tokens to a cache that has this trace for its only text.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="first">First token.</param>
    /// <param name="count">Tokens.</param>
    public void AddTo(HiraCache cache, int layer, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(cache);
        float[] keys = Stack(Keys, first, count), values = Stack(Values, first, count);
        cache.Update(new HeadTensor(keys, 1, KeyHeads, count, Dimension), new HeadTensor(values, 1, KeyHeads, count, Dimension), layer);
    }

    /// <summary>All query heads' queries number <paramref name="query"/>, one after the other.</summary>
    public float[] QueriesAt(int query) => Stack(Queries, query, 1);

    private static float[] Stack(IReadOnlyList<Matrix> heads, int first, int count)
    {
        int each = count * heads[0].Dimension;
        var stacked = new float[heads.Count * each];
        for (int head = 0; head < heads.Count; head++)
            heads[head].Slice(first, count).Span.CopyTo(stacked.AsSpan(head * each));
        return stacked;
    }
}
