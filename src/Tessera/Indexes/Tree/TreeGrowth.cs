using Tessera.Clustering;
using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// Hierarchical k-means (Fukunaga and Narendra, IEEE Transactions on Computers C-24(7), 1975): the sample is clustered, then
/// the members of each cluster, level after level; at last the leaves settle once among all vectors, as in Lloyd's k-means. The seed of a node is drawn from its number, so that threads do not matter.
/// </summary>
internal static class TreeGrowth
{
    /// <summary>Training vectors for each child of a node, at least: a node with fewer gets fewer children.</summary>
    public const int LeastMembers = 8;

    public static ClusterTree Grow(Matrix sample, TreeOptions shape, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var centroids = new List<float>(Mean(sample));
        var childCounts = new List<int>();
        int[][] level = [[.. Enumerable.Range(0, sample.Rows)]];
        for (int depth = 0; depth < shape.Levels; depth++)
        {
            progress?.Report(new TrainingProgress("levels", depth, shape.Levels));
            var divisions = new Division?[level.Length];
            int first = childCounts.Count;
            int threadsEach = level.Length == 1 ? options.Threads : 1;
            Workers.For(
                level.Length,
                options.Threads,
                (i, _) => divisions[i] = Divide(sample, level[i], Settings(level[i].Length, first + i, threadsEach), cancellationToken),
                cancellationToken);

            var next = new List<int[]>();
            foreach (Division? division in divisions)
            {
                childCounts.Add(division?.Members.Length ?? 0);
                if (division is null)
                    continue;
                centroids.AddRange(division.Centroids.Span);
                next.AddRange(division.Members);
            }

            level = [.. next];
        }

        childCounts.AddRange(new int[level.Length]);
        progress?.Report(new TrainingProgress("levels", shape.Levels, shape.Levels));
        var grown = new ClusterTree(new Matrix(centroids.ToArray(), sample.Dimension), childCounts.ToArray());
        Matrix settled = Settle(grown, sample, options.Threads, cancellationToken);
        progress?.Report(new TrainingProgress("leaves", grown.Leaves, grown.Leaves));
        return new ClusterTree(settled, childCounts.ToArray());

        KMeansOptions Settings(int members, int node, int threads) => new()
        {
            Clusters = Math.Min(shape.Branching, members / LeastMembers),
            Iterations = options.CoarseIterations,
            MaxPointsPerCluster = options.MaxPointsPerCentroid,
            Seed = options.Seed + 0x9E3779B97F4A7C15 * (ulong)node,
            Threads = threads,
        };
    }

    /// <summary>Clusters some vectors; null where they are too few or too alike to be divided.</summary>
    private static Division? Divide(Matrix sample, int[] members, KMeansOptions options, CancellationToken cancellationToken)
    {
        if (options.Clusters < 2)
            return null;
        Matrix some = members.Length == sample.Rows ? sample : sample.Select(members);
        KMeansResult result = KMeans.Fit(some, options, null, cancellationToken);
        var nearest = new int[some.Rows];
        using var assigner = new ProductAssigner(some, options.Threads);
        assigner.Nearest(result.Centroids, nearest, default, cancellationToken);
        var membersOf = new ListMembers(nearest, options.Clusters);
        var filled = new List<int>();
        for (int cluster = 0; cluster < options.Clusters; cluster++)
        {
            if (!membersOf[cluster].IsEmpty)
                filled.Add(cluster);
        }

        if (filled.Count < 2)
            return null;
        var divided = new int[filled.Count][];
        for (int child = 0; child < divided.Length; child++)
        {
            ReadOnlySpan<int> own = membersOf[filled[child]];
            divided[child] = new int[own.Length];
            for (int i = 0; i < own.Length; i++)
                divided[child][i] = members[own[i]];
        }

        return new Division(result.Centroids.Select(filled.ToArray()), divided);
    }

    /// <summary>The centroids, those of leaves moved to the mean of the vectors that they would get: some come from beneath other nodes.</summary>
    private static Matrix Settle(ClusterTree tree, Matrix sample, int threads, CancellationToken cancellationToken)
    {
        int dimension = sample.Dimension;
        float[] centroids = tree.Centroids.Span.ToArray();
        var membersOf = new ListMembers(TreeAssigner.Assign(tree, sample, threads, cancellationToken), tree.Leaves);
        Workers.For(tree.Leaves, threads, (leaf, _) =>
        {
            ReadOnlySpan<int> members = membersOf[leaf];
            if (members.IsEmpty)
                return;
            Span<float> mean = centroids.AsSpan(tree.NodeOf(leaf) * dimension, dimension);
            mean.Clear();
            foreach (int member in members)
                Accumulate.AddScaled(mean, 1f / members.Length, sample[member]);
        }, cancellationToken);
        return new Matrix(centroids, dimension);
    }

    private static float[] Mean(Matrix sample)
    {
        var sums = new double[sample.Dimension];
        for (int row = 0; row < sample.Rows; row++)
        {
            ReadOnlySpan<float> vector = sample[row];
            for (int i = 0; i < sums.Length; i++)
                sums[i] += vector[i];
        }

        return Array.ConvertAll(sums, sum => (float)(sum / sample.Rows));
    }

    /// <summary>What a node is divided into.</summary>
    /// <param name="Centroids">One row for each child.</param>
    /// <param name="Members">The rows of the sample that belong to each child.</param>
    private sealed record Division(Matrix Centroids, int[][] Members);
}
