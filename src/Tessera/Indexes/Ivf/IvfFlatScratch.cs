using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The working memory of one search in an IVF-Flat index; grows to what its searches need.</summary>
internal sealed class IvfFlatScratch : IDisposable
{
    /// <summary>Rows whose distances are taken at a time.</summary>
    public const int RowBlock = 1024;

    private float[] _queries = [];
    private Candidate[] _heaps = [];
    private Candidate[] _probes = [];
    private float[] _coarse = [];

    public Panels Left { get; } = Panels.Left();

    public Panels Right { get; } = Panels.Right();

    /// <summary>One number for each row of a block.</summary>
    public float[] RowNumbers { get; } = new float[RowBlock];

    /// <summary>Squared norm of each query, which the product's distances leave out.</summary>
    public float[] Norms { get; private set; } = [];

    /// <summary>The largest squared norm of the vectors met, where the metric needs it.</summary>
    public float LargestNorm { get; set; }

    /// <summary>The worst distance of each full heap, infinity for the others.</summary>
    public float[] Thresholds { get; private set; } = [];

    /// <summary>Candidates in each heap.</summary>
    public int[] Counts { get; private set; } = [];

    /// <summary>Each query's visit to its nearest list.</summary>
    public ListVisits NearestVisits { get; } = new();

    /// <summary>All other visits.</summary>
    public ListVisits OtherVisits { get; } = new();

    public Span<Candidate> Heaps => _heaps;

    /// <summary>Room for the candidates of one query alone.</summary>
    public Span<Candidate> HeapRoom(int k) => Room(ref _heaps, k);

    /// <summary>Makes room for the heaps of some queries, and empties them.</summary>
    public void Start(int queries, int room)
    {
        LargestNorm = 0;
        Room(ref _heaps, queries * room);
        if (Counts.Length < queries)
        {
            Counts = new int[queries];
            Thresholds = new float[queries];
            Norms = new float[queries];
        }

        Counts.AsSpan(0, queries).Clear();
        Thresholds.AsSpan(0, queries).Fill(float.PositiveInfinity);
    }

    public Span<float> CoarseRoom(int length) => Room(ref _coarse, length);

    public Span<Candidate> ProbeRoom(int length) => Room(ref _probes, length);

    /// <summary>The candidates of one query.</summary>
    public Span<Candidate> Heap(int query, int room) => _heaps.AsSpan(query * room, Counts[query]);

    /// <summary>Queries as the metric compares them: normalised for cosine.</summary>
    public ReadOnlySpan<float> Prepare(ReadOnlySpan<float> queries, int dimension, Metric metric)
    {
        if (metric != Metric.Cosine)
            return queries;
        Span<float> copy = Room(ref _queries, queries.Length);
        for (int i = 0; i < queries.Length; i += dimension)
            Normalisation.Apply(queries.Slice(i, dimension), copy.Slice(i, dimension));
        return copy;
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
        return array.AsSpan(0, length);
    }
}
