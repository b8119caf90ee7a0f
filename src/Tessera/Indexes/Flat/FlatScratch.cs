using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The working memory of one search in a flat index; grows to what its searches need.</summary>
internal sealed class FlatScratch : IDisposable
{
    /// <summary>Queries that pass the rows together: their packed numbers should stay in the last-level cache.</summary>
    private const int MaxQueriesEach = 1024;

    private Candidate[] _heaps = [];
    private float[] _queries = [];

    public Panels Left { get; } = Panels.Left();

    public Panels SketchLeft { get; } = Panels.Left();

    public Panels Right { get; } = Panels.Right();

    public List<Pair> Pairs { get; } = [];

    public float[] Distances { get; } = new float[256];

    /// <summary>One number for each row of a block.</summary>
    public float[] Limits { get; } = new float[RowSketches.BlockRows];

    /// <summary>One number for each query.</summary>
    public float[] Offsets { get; private set; } = [];

    /// <summary>Squared norm of each query.</summary>
    public float[] QueryNorms { get; private set; } = [];

    /// <summary>The distance to beat, for each query; its heap's worst, less the query's own norm while distances come from the product.</summary>
    public float[] Thresholds { get; private set; } = [];

    /// <summary>What no row that the product let go is nearer than, but for rounding, for each query; infinity if it let none go.</summary>
    public float[] Bounds { get; private set; } = [];

    /// <summary>The largest squared norm of the rows that the product met, where the metric needs it.</summary>
    public float LargestNorm { get; set; }

    /// <summary>Each query's own number: it is the owner of its row in the product.</summary>
    public int[] Owners { get; private set; } = [];

    /// <summary>Candidates in each heap.</summary>
    public int[] Counts { get; private set; } = [];

    public Span<Candidate> Heaps => _heaps;

    /// <summary>Candidates that each heap has room for.</summary>
    public int Room { get; private set; }

    /// <summary>How many queries one thread takes at a time.</summary>
    public static int QueriesEach(int queries, int threads, int k)
    {
        int share = (queries + threads - 1) / threads;
        int most = Math.Clamp((1 << 22) / k, 1, MaxQueriesEach);
        return Math.Min(most, (share + Panels.LeftWidth - 1) / Panels.LeftWidth * Panels.LeftWidth);
    }

    /// <summary>Room for heaps.</summary>
    public Span<Candidate> HeapRoom(int length)
    {
        if (_heaps.Length < length)
            _heaps = new Candidate[length];
        return _heaps.AsSpan(0, length);
    }

    /// <summary>Packs queries and empties their heaps, each with room for some candidates.</summary>
    public void Start(ReadOnlySpan<float> queries, int count, int dimension, int room)
    {
        Room = room;
        HeapRoom(count * room);
        if (Counts.Length < count)
        {
            Counts = new int[count];
            Thresholds = new float[count];
            Offsets = new float[count];
            QueryNorms = new float[count];
            Owners = new int[count];
            for (int i = 0; i < count; i++)
                Owners[i] = i;
            Bounds = new float[count];
        }

        Counts.AsSpan(0, count).Clear();
        Thresholds.AsSpan(0, count).Fill(float.PositiveInfinity);
        Bounds.AsSpan(0, count).Fill(float.PositiveInfinity);
        LargestNorm = 0;
        Distance.SquaredNorms(queries, dimension, QueryNorms.AsSpan(0, count));
        Left.Pack(queries, count, dimension, dimension);
    }

    /// <summary>The candidates of one query.</summary>
    public Span<Candidate> Heap(int query) => _heaps.AsSpan(query * Room, Counts[query]);

    /// <summary>The candidates of one query, nearest first; they are no heap any more.</summary>
    public Span<Candidate> Sorted(int query)
    {
        Span<Candidate> heap = Heap(query);
        return TopK.Resume(heap, heap.Length).Sort();
    }

    /// <summary>Offers a candidate to a heap of k.</summary>
    public void Push(int query, int k, float distance, int ordinal)
    {
        TopK top = TopK.Resume(_heaps.AsSpan(query * Room, k), Counts[query]);
        top.Push(distance, ordinal);
        Counts[query] = top.Count;
        Thresholds[query] = top.Threshold;
    }

    /// <summary>Makes a heap of the k nearest among candidates whose distances have changed.</summary>
    public void Restore(int query, int k)
    {
        Span<Candidate> heap = Heap(query);
        heap.Sort(static (a, b) => a.Before(b) ? 1 : b.Before(a) ? -1 : 0);
        if (heap.Length > k)
            heap[^k..].CopyTo(heap);
        Counts[query] = Math.Min(k, heap.Length);
        Thresholds[query] = heap.Length < k ? float.PositiveInfinity : heap[0].Distance;
    }

    /// <summary>A query as the metric compares it: normalised for cosine.</summary>
    public ReadOnlySpan<float> Prepare(ReadOnlySpan<float> queries, int dimension, Metric metric)
    {
        if (metric != Metric.Cosine)
            return queries;
        if (_queries.Length < queries.Length)
            _queries = new float[queries.Length];
        Span<float> copy = _queries.AsSpan(0, queries.Length);
        for (int i = 0; i < queries.Length; i += dimension)
            Normalisation.Apply(queries.Slice(i, dimension), copy.Slice(i, dimension));
        return copy;
    }

    public void Dispose()
    {
        Left.Dispose();
        SketchLeft.Dispose();
        Right.Dispose();
    }
}
