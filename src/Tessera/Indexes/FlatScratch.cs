using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The working memory of one search in a flat index.</summary>
internal sealed class FlatScratch : IDisposable
{
    /// <summary>Queries that pass the rows together: their packed numbers should stay in the last-level cache.</summary>
    private const int MaxQueriesEach = 1024;

    private Candidate[] _heaps = [];
    private float[] _queries = [];

    public Panels Left { get; } = Panels.Left();

    public Panels Right { get; } = Panels.Right();

    public float[] Distances { get; } = new float[256];

    public float[] Offsets { get; private set; } = [];

    public float[] Thresholds { get; private set; } = [];

    public int[] Counts { get; private set; } = [];

    /// <summary>How many queries one thread takes at a time.</summary>
    public static int QueriesEach(int queries, int threads, int k)
    {
        int share = (queries + threads - 1) / threads;
        int most = Math.Clamp((1 << 22) / k, 1, MaxQueriesEach);
        return Math.Min(most, (share + Panels.LeftWidth - 1) / Panels.LeftWidth * Panels.LeftWidth);
    }

    public Span<Candidate> Heaps(int length)
    {
        if (_heaps.Length < length)
            _heaps = new Candidate[length];
        return _heaps.AsSpan(0, length);
    }

    /// <summary>Clears the state of as many heaps as queries, and the offsets of a block.</summary>
    public void Start(int queries, int block)
    {
        if (Counts.Length < queries)
        {
            Counts = new int[queries];
            Thresholds = new float[queries];
        }

        if (Offsets.Length < block)
            Offsets = new float[block];
        Array.Clear(Counts);
        Array.Fill(Thresholds, float.PositiveInfinity);
    }

    /// <summary>A query as the metric compares it: normalised for cosine.</summary>
    public ReadOnlySpan<float> Prepare(ReadOnlySpan<float> query, Metric metric)
    {
        if (metric != Metric.Cosine)
            return query;
        Span<float> copy = Room(query.Length);
        Normalisation.Apply(query, copy);
        return copy;
    }

    /// <summary>Queries as the metric compares them.</summary>
    public ReadOnlySpan<float> Prepare(Matrix queries, Metric metric)
    {
        if (metric != Metric.Cosine)
            return queries.Span;
        Span<float> copy = Room(queries.Span.Length);
        for (int i = 0; i < queries.Rows; i++)
            Normalisation.Apply(queries[i], copy.Slice(i * queries.Dimension, queries.Dimension));
        return copy;
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private Span<float> Room(int length)
    {
        if (_queries.Length < length)
            _queries = new float[length];
        return _queries.AsSpan(0, length);
    }
}
