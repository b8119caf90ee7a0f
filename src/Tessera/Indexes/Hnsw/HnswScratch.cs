using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The working memory of one search in an HNSW index.</summary>
internal sealed class HnswScratch(ByteRecords records) : IDisposable
{
    private readonly float[] _query = new float[records.Dimension];
    private Candidate[] _heap = [];

    public GraphWalk Walk { get; } = new(records);

    public Span<Candidate> Heap(int k)
    {
        if (_heap.Length < k)
            _heap = new Candidate[k];
        return _heap.AsSpan(0, k);
    }

    /// <summary>A query as the metric compares it: normalised for cosine.</summary>
    public ReadOnlySpan<float> Prepare(ReadOnlySpan<float> query, Metric metric)
    {
        if (metric != Metric.Cosine)
            return query;
        Normalisation.Apply(query, _query);
        return _query;
    }

    public void Dispose() => Walk.Dispose();
}
