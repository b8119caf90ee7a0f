using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>
/// Builds clusters over clusters until a rule stops it (HiRAG, arXiv 2503.10150): each layer clusters the one below by
/// spherical k-means, with k about the square root of what it clusters.
/// </summary>
internal sealed class LayerBuilder(LayerSettings settings)
{
    // With few items the best of several runs costs nothing, and matters most.
    private const int FewItems = 5000;
    private const int RunsOfFew = 10;

    /// <summary>Builds all layers above <paramref name="entities"/>.</summary>
    /// <param name="entities">One row of length 1 (or zero) for each entity.</param>
    /// <param name="progress">Told the number of each layer when it is begun.</param>
    /// <param name="log">Told of each layer, in the words of the reference document.</param>
    /// <param name="cancellationToken">Stops between iterations.</param>
    public (List<RawCluster[]> Layers, LayerTermination Termination) BuildHierarchicalLayers(
        Matrix entities, IProgress<int>? progress, Action<string>? log, CancellationToken cancellationToken)
    {
        var layers = new List<RawCluster[]>();
        Matrix below = entities;
        while (true)
        {
            int k = settings.Clusters > 0 ? settings.Clusters : Math.Max(2, (int)Math.Round(Math.Sqrt(below.Rows), MidpointRounding.AwayFromZero));
            if (Stop(below, layers.Count, k) is { } termination)
            {
                log?.Invoke($"Hierarchical clustering complete, built {layers.Count} layers total: {termination.Explanation}");
                return (layers, termination);
            }

            progress?.Report(layers.Count + 1);
            log?.Invoke($"Building layer {layers.Count + 1} from layer {layers.Count} clusters");
            RawCluster[] layer = BuildLayer(below, k, layers.Count + 1, cancellationToken);
            layers.Add(layer);
            log?.Invoke($"Layer {layers.Count} clustering complete, created {layer.Length} clusters");
            below = Centroids(layer, entities.Dimension);
        }
    }

    private LayerTermination? Stop(Matrix below, int layer, int k)
    {
        string items = layer == 0 ? $"there are {below.Rows} entities" : $"layer {layer} has {below.Rows} clusters";
        if (below.Span.IndexOfAnyExcept(0f) < 0)
            return new(TerminationReason.NoValidClusters, layer, $"{items}, none of them with a direction to compare");
        if (below.Rows < settings.MinClusters)
            return new(TerminationReason.TooFewClusters, layer, $"{items}, fewer than the {settings.MinClusters} that another layer needs");
        if (k >= below.Rows - 1)
            return new(TerminationReason.NoReduction, layer, $"{items}, and {k} clusters of them would be no reduction");
        if (layer >= settings.MaxDepth)
            return new(TerminationReason.MaxDepth, layer, $"{items}, and {settings.MaxDepth} layers are all that is allowed");
        return null;
    }

    private RawCluster[] BuildLayer(Matrix below, int k, int layer, CancellationToken cancellationToken)
    {
        var options = new KMeansOptions
        {
            Clusters = k,
            Spherical = true,
            Init = KMeansInit.PlusPlus,
            Redo = below.Rows <= FewItems ? RunsOfFew : 1,
            Seed = settings.Seed + (ulong)layer,
            Threads = settings.Threads,
            MaxPointsPerCluster = 0,
        };
        Matrix points = layer == 1 ? below : WithoutMean(below);
        KMeansResult result = KMeans.Fit(points, options, cancellationToken: cancellationToken);
        int[] assignment = result.Assign(points, settings.Threads, cancellationToken);
        var members = new Dictionary<int, List<int>>();
        for (int row = 0; row < assignment.Length; row++)
        {
            if (!members.TryGetValue(assignment[row], out List<int>? cluster))
                members[assignment[row]] = cluster = [];
            cluster.Add(row);
        }

        // Numbered by first member, so that numbers do not depend on how k-means numbered its centroids; a centroid that
        // nothing is nearest to makes no cluster.
        return [.. members.Values.OrderBy(cluster => cluster[0]).Select(cluster => new RawCluster([.. cluster], Normalised(Sum(below, cluster))))];
    }

    private static double[] Sum(Matrix rows, IEnumerable<int> members)
    {
        var sum = new double[rows.Dimension];
        foreach (int member in members)
        {
            ReadOnlySpan<float> row = rows[member];
            for (int i = 0; i < row.Length; i++)
                sum[i] += row[i];
        }

        return sum;
    }

    private static float[] Normalised(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => length == 0 ? 0 : (float)(value / length))];
    }

    // Centroids of one code base point much the same way, by the words that all of it shares. Without their mean they are
    // told apart by what is their own; with it, one cluster swallows most of the layer.
    private static Matrix WithoutMean(Matrix rows)
    {
        int dimension = rows.Dimension;
        double[] mean = Sum(rows, Enumerable.Range(0, rows.Rows));
        var values = new float[rows.Rows * dimension];
        var difference = new double[dimension];
        for (int row = 0; row < rows.Rows; row++)
        {
            for (int i = 0; i < dimension; i++)
                difference[i] = rows[row][i] - mean[i] / rows.Rows;
            Normalised(difference).CopyTo(values, row * dimension);
        }

        return new Matrix(values, dimension);
    }

    private static Matrix Centroids(RawCluster[] layer, int dimension)
    {
        var values = new float[layer.Length * dimension];
        for (int i = 0; i < layer.Length; i++)
            layer[i].Centroid.CopyTo(values, i * dimension);
        return new Matrix(values, dimension);
    }
}
