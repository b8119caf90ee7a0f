using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Trees;

/// <summary>What the bounds need of clusters: means, counts, radii and variances of keys, means and radii of values.</summary>
internal sealed unsafe class ClusterStatistics : IDisposable
{
    // Products of all pairs of keys are taken within blocks of so many; larger clusters add up their blocks' bounds.
    private const int Block = 64;

    private AlignedBuffer<float> _rows = new(0);
    private AlignedBuffer<float> _products = new(Block);

    /// <summary>Works out a whole level, after the one below it.</summary>
    public void Describe(Segment segment, int level)
    {
        ClusterLevel clusters = segment.Levels[level];
        for (int node = 0; node < clusters.Count; node++)
        {
            if (level == 0)
                OfLeaf(segment, node);
            else
                OfParent(segment, level, node);
        }
    }

    /// <summary>Works out a cluster of keys from its rows.</summary>
    public void OfLeaf(Segment segment, int leaf)
    {
        ClusterLevel leaves = segment.Leaves;
        ref ClusterNode node = ref leaves.Nodes[leaf];
        Span<float> mean = leaves.MeanSpan(leaf), valueMean = leaves.ValueMeanSpan(leaf);
        mean.Clear();
        valueMean.Clear();
        (node.Radius, node.Variance, node.ValueRadius) = (0, 0, 0);
        if (node.Count > 0)
        {
            Room.Grow(ref _rows, 2L * node.Count * segment.Layout.Stride);
            Span<float> keys = Read(segment, node, 0), values = Read(segment, node, 1);
            Centre(keys, mean);
            Centre(values, valueMean);
            node.Radius = Longest(keys, mean.Length);
            node.ValueRadius = Longest(values, mean.Length);
            node.Variance = Variance(keys, mean.Length);
        }

        leaves.Refresh(leaf);
    }

    /// <summary>Works out a cluster of clusters from its children and, for the radii, the keys below them.</summary>
    public void OfParent(Segment segment, int level, int parent)
    {
        ClusterLevel below = segment.Levels[level - 1], clusters = segment.Levels[level];
        ref ClusterNode node = ref clusters.Nodes[parent];
        Span<float> mean = clusters.MeanSpan(parent), valueMean = clusters.ValueMeanSpan(parent);
        mean.Clear();
        valueMean.Clear();
        node.Count = 0;
        for (int child = node.FirstChild; child < node.FirstChild + node.Children; child++)
        {
            int count = below.Nodes[child].Count;
            node.Count += count;
            AddScaled(mean, below.MeanSpan(child), count);
            AddScaled(valueMean, below.ValueMeanSpan(child), count);
        }

        if (node.Count > 0)
        {
            Scale(mean, 1f / node.Count);
            Scale(valueMean, 1f / node.Count);
        }

        (node.Radius, node.ValueRadius) = Radii(segment, level, parent, mean, valueMean);
        node.Variance = Variance(below, node, mean);
        clusters.Refresh(parent);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _products.Dispose();
    }

    /// <summary>The largest distances from a mean among the keys below a cluster and among their values: exact, where adding up radii would double them on each level.</summary>
    private (float Key, float Value) Radii(Segment segment, int level, int cluster, Span<float> mean, Span<float> valueMean)
    {
        ClusterNode node = segment.Levels[level].Nodes[cluster];
        float key = 0, value = 0;
        if (level == 0)
        {
            Room.Grow(ref _rows, 2L * node.Count * mean.Length);
            Span<float> keys = Read(segment, node, 0), values = Read(segment, node, 1);
            for (int at = 0; at < keys.Length; at += mean.Length)
            {
                key = MathF.Max(key, Distance.SquaredL2(keys.Slice(at, mean.Length), mean));
                value = MathF.Max(value, Distance.SquaredL2(values.Slice(at, mean.Length), valueMean));
            }

            return (MathF.Sqrt(key), MathF.Sqrt(value));
        }

        for (int child = node.FirstChild; child < node.FirstChild + node.Children; child++)
        {
            (float childKey, float childValue) = Radii(segment, level - 1, child, mean, valueMean);
            (key, value) = (MathF.Max(key, childKey), MathF.Max(value, childValue));
        }

        return (key, value);
    }

    /// <summary>Keys (0) or values (1) of a cluster, as floats.</summary>
    private Span<float> Read(Segment segment, ClusterNode node, int half)
    {
        int stride = segment.Layout.Stride;
        Span<float> rows = _rows.Slice((long)half * node.Count * stride, node.Count * stride);
        for (int i = 0; i < node.Count; i++)
            segment.Layout.Read(segment.Row(node.Start + i) + half * segment.Layout.Half, rows.Slice(i * stride, stride));
        return rows;
    }

    private static void Centre(Span<float> rows, Span<float> mean)
    {
        int stride = mean.Length, count = rows.Length / stride;
        for (int at = 0; at < rows.Length; at += stride)
            AddScaled(mean, rows.Slice(at, stride), 1);
        Scale(mean, 1f / count);
        for (int at = 0; at < rows.Length; at += stride)
            AddScaled(rows.Slice(at, stride), mean, -1);
    }

    private static float Longest(ReadOnlySpan<float> rows, int stride)
    {
        float longest = 0;
        for (int at = 0; at < rows.Length; at += stride)
            longest = MathF.Max(longest, Distance.Dot(rows.Slice(at, stride), rows.Slice(at, stride)));
        return MathF.Sqrt(longest);
    }

    /// <summary>
    /// No direction's variance is above the largest eigenvalue of the covariance, which is that of the products of all pairs
    /// of centred keys over their number, which is at most the root of the sum of their squares (Frobenius). For the shapes
    /// that clusters have this is near the truth; the sum of all variances would be many times as much.
    /// </summary>
    private float Variance(ReadOnlySpan<float> centred, int stride)
    {
        int count = centred.Length / stride;
        double total = 0;
        for (int first = 0; first < count; first += Block)
        {
            int size = Math.Min(Block, count - first);
            double squares = 0;
            for (int i = 0; i < size; i++)
            {
                Span<float> products = _products.Slice(0, i + 1);
                Distance.Dots(centred.Slice((first + i) * stride, stride), centred[(first * stride)..], products);
                for (int j = 0; j < i; j++)
                    squares += 2.0 * products[j] * products[j];
                squares += (double)products[i] * products[i];
            }

            total += Math.Sqrt(squares);
        }

        return count == 0 ? 0 : (float)(total / count);
    }

    /// <summary>The law of total variance: within the children, and of their means.</summary>
    private float Variance(ClusterLevel below, ClusterNode node, Span<float> mean)
    {
        int stride = mean.Length;
        Room.Grow(ref _rows, (long)(node.Children + 1) * stride);
        Span<float> rows = _rows.Slice(0, node.Children * stride);
        double within = 0;
        for (int i = 0; i < node.Children; i++)
        {
            int child = node.FirstChild + i;
            float share = (float)below.Nodes[child].Count / Math.Max(1, node.Count);
            within += share * below.Nodes[child].Variance;
            Span<float> row = rows.Slice(i * stride, stride);
            below.MeanSpan(child).CopyTo(row);
            AddScaled(row, mean, -1);
            // The root of its share stands in each of the two factors of a product.
            Scale(row, MathF.Sqrt(share));
        }

        return (float)within + Variance(rows, stride) * node.Children;
    }

    private static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float factor)
    {
        for (int d = 0; d < target.Length; d += System.Numerics.Vector<float>.Count)
        {
            var sum = new System.Numerics.Vector<float>(target[d..]) + factor * new System.Numerics.Vector<float>(source[d..]);
            sum.CopyTo(target[d..]);
        }
    }

    private static void Scale(Span<float> target, float factor)
    {
        for (int d = 0; d < target.Length; d++)
            target[d] *= factor;
    }
}
