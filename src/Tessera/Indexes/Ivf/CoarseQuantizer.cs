using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The centroids of an inverted file's lists: which list a vector belongs to, and which ones a query should visit.</summary>
internal sealed class CoarseQuantizer
{
    private readonly Metric _metric;
    private readonly float[] _norms;
    private readonly Panels _right;

    public CoarseQuantizer(Matrix centroids, Metric metric)
    {
        Centroids = centroids;
        _metric = metric;
        _norms = new float[centroids.Rows];
        Distance.SquaredNorms(centroids.Span, centroids.Dimension, _norms);
        _right = Panels.Right(centroids.Span, centroids.Rows, centroids.Dimension);
    }

    /// <summary>One row a list.</summary>
    public Matrix Centroids { get; }

    public long Bytes => ((long)Centroids.Span.Length + _norms.Length) * sizeof(float) + _right.Bytes;

    /// <summary>Training vectors that each list makes use of, 0 for all: half of what a codebook's entry does, since more moves the centroids by too little to find more.</summary>
    public static int PointsPerList(BuildOptions? options) => ((options ?? BuildOptions.Default).MaxPointsPerCentroid + 1) / 2;

    /// <summary>Learns the centroids by k-means, of length 1 for the inner product.</summary>
    public static CoarseQuantizer Train(Matrix sample, int lists, Metric metric, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new TrainingProgress("coarse centroids", 0, options.CoarseIterations));
        var settings = new KMeansOptions
        {
            Clusters = lists,
            Iterations = options.CoarseIterations,
            Init = KMeansInit.Random,
            Spherical = metric == Metric.InnerProduct,
            MaxPointsPerCluster = PointsPerList(options),
            Seed = options.Seed,
            Threads = options.Threads,
        };
        Matrix centroids = GrowingKMeans.Fit(KMeans.Sample(sample, settings), settings, new Progress(progress, options.CoarseIterations), cancellationToken);
        return new CoarseQuantizer(centroids, metric);
    }

    /// <summary>The same in memory of its own, for an index that outlives the file that these lie in.</summary>
    public CoarseQuantizer Copy() => new(new Matrix(Centroids.Values.ToArray(), Centroids.Dimension), _metric);

    /// <summary>What tells the centroids of two indexes apart; null where they are the same to the bit.</summary>
    public static string? Difference(CoarseQuantizer one, CoarseQuantizer two)
    {
        ReadOnlySpan<float> a = one.Centroids.Span, b = two.Centroids.Span;
        int same = a.CommonPrefixLength(b);
        return same == a.Length && same == b.Length ? null : $"another centroid of list {same / one.Centroids.Dimension}";
    }

    /// <summary>The list of each vector.</summary>
    public int[] Assign(Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        var nearest = new int[vectors.Rows];
        using var assigner = new ProductAssigner(vectors, threads);
        assigner.Nearest(Centroids, nearest, default, cancellationToken);
        return nearest;
    }

    /// <summary>Vectors less the centroids of their lists.</summary>
    public Matrix Residuals(Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        int[] nearest = Assign(vectors, threads, cancellationToken);
        float[] residuals = vectors.Values.ToArray();
        for (int i = 0; i < vectors.Rows; i++)
            Accumulate.AddScaled(residuals.AsSpan(i * vectors.Dimension, vectors.Dimension), -1, Centroids[nearest[i]]);
        return new Matrix(residuals, vectors.Dimension);
    }

    /// <summary>The distances of queries to all centroids: squared for L2 and cosine, the negated product for the inner product.</summary>
    /// <param name="queries">Row-major queries, normalised for cosine.</param>
    /// <param name="count">Number of queries.</param>
    /// <param name="left">Working memory.</param>
    /// <param name="distances">Receives one number for each list of each query.</param>
    public void Measure(ReadOnlySpan<float> queries, int count, Panels left, Span<float> distances)
    {
        int dimension = Centroids.Dimension, lists = Centroids.Rows;
        MatrixProduct.Store(left.Pack(queries, count, dimension, dimension), _right, distances);
        for (int i = 0; i < count; i++)
        {
            Span<float> row = distances.Slice(i * lists, lists);
            if (_metric == Metric.InnerProduct)
            {
                for (int list = 0; list < row.Length; list++)
                    row[list] = -row[list];
                continue;
            }

            // A zero query by cosine is taken for one of length 1 that is at right angles to everything.
            ReadOnlySpan<float> query = queries.Slice(i * dimension, dimension);
            float norm = _metric == Metric.Cosine ? 1 : Distance.Dot(query, query);
            for (int list = 0; list < row.Length; list++)
                row[list] = norm + _norms[list] - 2 * row[list];
        }
    }

    /// <summary>The nearest lists of one query, nearest first.</summary>
    /// <param name="distances">One for each list.</param>
    /// <param name="probes">Receives the lists as ordinals; its length is their number.</param>
    public static Span<Candidate> Choose(ReadOnlySpan<float> distances, Span<Candidate> probes)
    {
        var top = new TopK(probes);
        top.PushAll(distances, 0);
        return top.Sort();
    }

    private sealed class Progress(IProgress<TrainingProgress>? progress, int iterations) : IProgress<KMeansIteration>
    {
        private int _done;

        public void Report(KMeansIteration value) =>
            progress?.Report(new TrainingProgress("coarse centroids", ++_done, iterations));
    }
}
