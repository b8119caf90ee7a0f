using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// What no vector in a ball can be nearer to a query than, as float32 would measure it: below the triangle inequality for
/// L2; below -(q.c + |q| r) for the inner product (Ram and Gray, KDD 2012); by the angle of the cap that the ball cuts out of
/// the unit sphere for cosine. All roundings are allowed for, so that what a bound rules out no exact search would have found.
/// </summary>
internal readonly struct BallBounds
{
    /// <summary>More than what all products of a million numbers lose together that are too small for float32.</summary>
    private const double Tiny = 1e-38;

    private readonly Metric _metric;
    private readonly double _error;
    private readonly double _length;

    /// <param name="metric">How vectors are compared.</param>
    /// <param name="query">The query, normalised for cosine.</param>
    public BallBounds(Metric metric, ReadOnlySpan<float> query)
    {
        _metric = metric;
        _error = Error(query.Length);
        _length = Math.Sqrt(Distance.Dot(query, query)) * (1 + _error) + Tiny;
    }

    /// <summary>The radius of a ball whose farthest vector was measured at a squared distance from the centre, rounded up.</summary>
    public static float Radius(float farthest, int dimension) =>
        MathF.BitIncrement((float)Math.Sqrt(farthest * (1 + Error(dimension)) + Tiny));

    /// <summary>How near a node's centroid is: by the square for L2 and cosine, by the negated product for the inner product.</summary>
    public static void Measure(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<float> centroids, Span<float> scores) =>
        ExactDistance.OfMany(metric == Metric.Cosine ? Metric.L2 : metric, query, centroids, scores);

    /// <summary>What no vector in a ball is measured nearer than.</summary>
    /// <param name="score">What <see cref="Measure"/> gives for the centre.</param>
    /// <param name="length">The length of the centre.</param>
    /// <param name="radius">The ball's radius.</param>
    public float Below(float score, float length, float radius)
    {
        double bound = _metric switch
        {
            Metric.L2 => BelowSquare(score, radius),
            Metric.InnerProduct => score - _length * (radius + 2 * _error * (length + radius)) - Tiny,
            _ => BelowCap(score, length, radius),
        };
        return MathF.BitDecrement((float)bound);
    }

    private static double Error(int dimension) => (dimension + 32) * Math.Pow(2, -24);

    private double BelowSquare(double score, double radius)
    {
        // A sum of squares is off by a part of itself, however far from zero the vectors lie.
        double gap = Math.Sqrt(Math.Max(0, score * (1 - _error) - Tiny)) - radius;
        return gap <= 0 ? 0 : gap * gap * (1 - _error) - Tiny;
    }

    /// <summary>The vectors are at most some angle away from the centre, so the query is at least the rest of its own angle away from them.</summary>
    private double BelowCap(double score, double length, double radius)
    {
        double square = length * length, slack = 8 * _error * (1 + square + score);
        double toQuery = Math.Clamp(((1 + square - score) / 2 + slack) / length, -1, 1);
        double toRim = Math.Clamp(((1 + square - radius * radius) / 2 - slack) / length, -1, 1);
        if (!(toQuery < toRim) || length < 1e-6)
            return -1;
        double nearest = toQuery * toRim + Math.Sqrt((1 - toQuery * toQuery) * (1 - toRim * toRim));
        // Zero vectors, which lie on no sphere, are at distance 1 from everything.
        return Math.Min(1 - nearest - 8 * _error, 1);
    }
}
