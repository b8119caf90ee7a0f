using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The working memory of one search in a scalar index; grows to what its searches need.</summary>
internal sealed class ScalarScratch(int dimension) : IDisposable
{
    /// <summary>Codes whose distances are taken at a time.</summary>
    public const int RowBlock = 256;

    private readonly List<ScalarQuery> _queries = [];
    private float[] _prepared = [];
    private float[] _coarse = [];
    private Candidate[] _probes = [];
    private Candidate[] _heaps = [];
    private int[] _counts = [];

    public Panels Left { get; } = Panels.Left();

    public float[] Distances { get; } = new float[RowBlock];

    /// <summary>Where in a list the rows are that a filter keeps.</summary>
    public int[] Positions { get; } = new int[RowBlock];

    public Span<float> CoarseRoom(int length) => Room(ref _coarse, length);

    public Span<Candidate> ProbeRoom(int length) => Room(ref _probes, length);

    /// <summary>Makes queries ready, their heaps of k empty.</summary>
    /// <returns>The queries as the metric compares them: normalised for cosine.</returns>
    public ReadOnlySpan<float> Start(ReadOnlySpan<float> queries, int count, int k, Metric metric, ScalarQuantizer quantizer)
    {
        Room(ref _heaps, count * k);
        Room(ref _counts, count).Clear();
        Span<float> prepared = Room(ref _prepared, queries.Length);
        queries.CopyTo(prepared);
        for (int i = 0; i < count; i++)
        {
            if (_queries.Count == i)
                _queries.Add(new ScalarQuery(dimension));
            Span<float> query = prepared.Slice(i * dimension, dimension);
            if (metric == Metric.Cosine)
                Normalisation.Apply(queries.Slice(i * dimension, dimension), query);
            quantizer.Prepare(query, metric, _queries[i]);
        }

        return prepared;
    }

    public ScalarQuery Query(int number) => _queries[number];

    /// <summary>The candidates of a query, to be given back with <see cref="Keep"/>.</summary>
    public TopK Heap(int query, int k) => TopK.Resume(_heaps.AsSpan(query * k, k), _counts[query]);

    public void Keep(int query, TopK heap) => _counts[query] = heap.Count;

    public void Dispose() => Left.Dispose();

    private static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
        return array.AsSpan(0, length);
    }
}
