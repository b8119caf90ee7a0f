using System.Numerics;
using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Attention.Trees;

/// <summary>
/// Lloyd's k-means for the few thousand keys of a segment, over and over in the same memory and, where keys were clustered
/// before, from the centroids that they had. The engine's <see cref="KMeans"/> is for large sets that are clustered once: it
/// allocates its results and starts afresh.
/// </summary>
internal sealed unsafe class Lloyd : IDisposable
{
    // k-means++ looks at so many points for each centroid: among few neighbours it chooses nearly as well as among all.
    private const int PointsPerCentroid = 8;

    private readonly Panels _left = Panels.Left();
    private readonly Panels _right = Panels.Right();
    private AlignedBuffer<float> _centroids = new(0);
    private AlignedBuffer<float> _kept = new(0);
    private AlignedBuffer<float> _pool = new(0);
    private float[] _norms = [];
    private float[] _best = [];
    private float[] _distances = [];
    private int[] _index = [];
    private int[] _keptIndex = [];
    private int[] _sizes = [];

    /// <summary>Clusters that the last run ended with; some may be empty.</summary>
    public int Clusters { get; private set; }

    /// <summary>The cluster of each point.</summary>
    public ReadOnlySpan<int> Assignments => _index;

    /// <summary>Mean squared distance of a point to its centroid.</summary>
    public double MeanSquare { get; private set; }

    /// <summary>Iterations of the last run.</summary>
    public int Iterations { get; private set; }

    /// <summary>Room for centroids to start from, as many as <see cref="Run"/> is then told; filled by the caller.</summary>
    public Span<float> Start(int clusters, int stride)
    {
        Room.Grow(ref _centroids, (long)clusters * stride);
        return _centroids.Slice(0, clusters * stride);
    }

    /// <summary>The centroids that the last run ended with.</summary>
    public ReadOnlySpan<float> Centroids(int stride) => _centroids.Slice(0, Clusters * stride);

    /// <summary>Clusters points.</summary>
    /// <param name="points">Padded rows.</param>
    /// <param name="count">Rows.</param>
    /// <param name="stride">Length of a row.</param>
    /// <param name="clusters">Clusters, at most the points.</param>
    /// <param name="isStarted">Whether <see cref="Start"/> was given the first centroids; else they are chosen.</param>
    /// <param name="config">Iterations, start, runs and tolerance.</param>
    /// <param name="random">For the choice of first centroids.</param>
    public void Run(float* points, int count, int stride, int clusters, bool isStarted, IndexConfig config, ref SeededRandom random)
    {
        (KMeansInit init, int redo, double tolerance) = config.Clustering;
        Clusters = clusters;
        Room.Grow(ref _centroids, (long)clusters * stride);
        _right.Pack(new ReadOnlySpan<float>(points, count * stride), count, stride, stride);
        int room = _right.PanelCount * Panels.RightWidth;
        Room.Grow(ref _best, room);
        Room.Grow(ref _index, room);
        Room.Grow(ref _norms, clusters);
        Room.Grow(ref _sizes, clusters);
        double squares = 0;
        for (int i = 0; i < count; i++)
            squares += SquaredNorm(points + (long)i * stride, stride);

        int runs = isStarted ? 1 : redo;
        double best = double.PositiveInfinity;
        for (int run = 0; run < runs; run++)
        {
            if (!isStarted)
                Choose(points, count, stride, clusters, init, ref random);
            double inertia = Iterate(points, count, stride, squares, config.MaxIterations, tolerance);
            if (inertia < best)
            {
                best = inertia;
                if (runs > 1)
                    Keep(count, clusters * stride);
            }
        }

        if (runs > 1)
        {
            _keptIndex.AsSpan(0, count).CopyTo(_index);
            _kept.Slice(0, clusters * stride).CopyTo(_centroids.Slice(0, clusters * stride));
        }

        MeanSquare = Math.Max(0, best) / count;
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _centroids.Dispose();
        _kept.Dispose();
        _pool.Dispose();
    }

    /// <summary>Alternates assignment and means until the inertia hardly falls; returns it.</summary>
    private double Iterate(float* points, int count, int stride, double squares, int iterations, double tolerance)
    {
        double before = double.PositiveInfinity;
        for (Iterations = 1; ; Iterations++)
        {
            ReadOnlySpan<float> centroids = _centroids.Slice(0, Clusters * stride);
            _left.Pack(centroids, Clusters, stride, stride);
            Distance.SquaredNorms(centroids, stride, _norms.AsSpan(0, Clusters));
            NearestLeft.Find(_left, _norms, _right, 0, _right.PanelCount, _best, _index);
            double inertia = squares;
            for (int i = 0; i < count; i++)
                inertia += _best[i];
            if (Iterations >= iterations || before - inertia <= tolerance * Math.Abs(before))
                return inertia;
            before = inertia;
            Means(points, count, stride);
        }
    }

    /// <summary>Moves centroids to the means of their points; an empty cluster keeps its own.</summary>
    private void Means(float* points, int count, int stride)
    {
        _sizes.AsSpan(0, Clusters).Clear();
        for (int i = 0; i < count; i++)
            _sizes[_index[i]]++;
        for (int cluster = 0; cluster < Clusters; cluster++)
        {
            if (_sizes[cluster] > 0)
                _centroids.Slice((long)cluster * stride, stride).Clear();
        }

        for (int i = 0; i < count; i++)
            Add(_centroids.Pointer + (long)_index[i] * stride, points + (long)i * stride, stride);
        for (int cluster = 0; cluster < Clusters; cluster++)
        {
            if (_sizes[cluster] > 1)
                Scale(_centroids.Pointer + (long)cluster * stride, 1f / _sizes[cluster], stride);
        }
    }

    private void Choose(float* points, int count, int stride, int clusters, KMeansInit init, ref SeededRandom random)
    {
        float* centroids = _centroids.Pointer;
        long wanted = init == KMeansInit.Random ? clusters : (long)clusters * PointsPerCentroid;
        int pool = (int)Math.Min(count, wanted);
        float* chosenFrom = points;
        if (pool < count)
        {
            // Every so-manieth point, from a random one on.
            Room.Grow(ref _pool, (long)pool * stride);
            chosenFrom = _pool.Pointer;
            int first = random.Next(count);
            for (int i = 0; i < pool; i++)
                Copy(points + ((long)i * count / pool + first) % count * stride, chosenFrom + (long)i * stride, stride);
        }

        if (init == KMeansInit.Random)
        {
            Copy(chosenFrom, centroids, clusters * stride);
            return;
        }

        Room.Grow(ref _distances, 2 * pool);
        Span<float> nearest = _distances.AsSpan(0, pool), distances = _distances.AsSpan(pool, pool);
        nearest.Fill(float.PositiveInfinity);
        int next = random.Next(pool);
        for (int cluster = 0; ; cluster++)
        {
            float* centroid = centroids + (long)cluster * stride;
            Copy(chosenFrom + (long)next * stride, centroid, stride);
            if (cluster + 1 == clusters)
                return;
            Distance.SquaredL2s(new ReadOnlySpan<float>(centroid, stride), new ReadOnlySpan<float>(chosenFrom, pool * stride), distances);
            double total = 0;
            for (int i = 0; i < pool; i++)
            {
                nearest[i] = Math.Min(nearest[i], distances[i]);
                total += nearest[i];
            }

            next = Draw(nearest, total, ref random);
        }
    }

    /// <summary>A point in proportion to its distance; any one when all are chosen already.</summary>
    private static int Draw(ReadOnlySpan<float> distances, double total, ref SeededRandom random)
    {
        if (!(total > 0))
            return random.Next(distances.Length);
        double at = random.NextDouble() * total;
        for (int i = 0; i < distances.Length; i++)
        {
            at -= distances[i];
            if (at < 0)
                return i;
        }

        return distances.Length - 1;
    }

    private void Keep(int count, int numbers)
    {
        Room.Grow(ref _kept, numbers);
        Room.Grow(ref _keptIndex, count);
        _centroids.Slice(0, numbers).CopyTo(_kept.Slice(0, numbers));
        _index.AsSpan(0, count).CopyTo(_keptIndex);
    }

    private static void Copy(float* source, float* target, int count) => new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));

    private static float SquaredNorm(float* row, int stride) => Distance.Dot(new ReadOnlySpan<float>(row, stride), new ReadOnlySpan<float>(row, stride));

    private static void Add(float* target, float* source, int count)
    {
        for (int i = 0; i < count; i += Vector<float>.Count)
            (Vector.Load(target + i) + Vector.Load(source + i)).Store(target + i);
    }

    private static void Scale(float* target, float factor, int count)
    {
        for (int i = 0; i < count; i += Vector<float>.Count)
            (Vector.Load(target + i) * factor).Store(target + i);
    }
}
