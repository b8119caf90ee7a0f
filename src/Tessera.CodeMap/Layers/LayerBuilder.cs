using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>
/// Builds clusters over clusters until a rule stops it (HiRAG, arXiv 2503.10150): each layer clusters the one below by
/// spherical k-means, with k about the square root of what it clusters.
/// </summary>
internal sealed class LayerBuilder(LayerSettings settings)
{
    // There are few items above the first layer: the best of several runs costs nothing there and matters most.
    private const int UpperLayerRuns = 10;

    /// <summary>Builds all layers above <paramref name="entities"/>.</summary>
    /// <param name="entities">One row of length 1 (or zero) for each entity.</param>
    /// <param name="progress">Told the number of each layer when it is begun.</param>
    /// <param name="cancellationToken">Stops between iterations.</param>
    public (List<RawCluster[]> Layers, LayerTermination Termination) BuildHierarchicalLayers(
        Matrix entities, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var layers = new List<RawCluster[]>();
        Matrix below = entities;
        while (true)
        {
            int k = settings.Clusters > 0 ? settings.Clusters : Math.Max(2, (int)Math.Round(Math.Sqrt(below.Rows), MidpointRounding.AwayFromZero));
            if (Stop(below, layers.Count, k) is { } termination)
                return (layers, termination);
            progress?.Report(layers.Count + 1);
            RawCluster[] layer = BuildLayer(below, k, layers.Count + 1, cancellationToken);
            layers.Add(layer);
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
            Redo = layer == 1 ? 1 : UpperLayerRuns,
            Seed = settings.Seed + (ulong)layer,
            Threads = settings.Threads,
            MaxPointsPerCluster = 0,
        };
        KMeansResult result = KMeans.Fit(below, options, cancellationToken: cancellationToken);
        int[] assignment = result.Assign(below, settings.Threads);
        var members = new Dictionary<int, List<int>>();
        for (int row = 0; row < assignment.Length; row++)
        {
            if (!members.TryGetValue(assignment[row], out List<int>? cluster))
                members[assignment[row]] = cluster = [];
            cluster.Add(row);
        }

        // Numbered by first member, so that numbers do not depend on how k-means numbered its centroids; a centroid that
        // nothing is nearest to makes no cluster.
        return [.. members.Values.OrderBy(cluster => cluster[0]).Select(cluster => new RawCluster([.. cluster], Mean(below, cluster)))];
    }

    private static float[] Mean(Matrix rows, List<int> members)
    {
        var sum = new double[rows.Dimension];
        foreach (int member in members)
        {
            ReadOnlySpan<float> row = rows[member];
            for (int i = 0; i < row.Length; i++)
                sum[i] += row[i];
        }

        double length = Math.Sqrt(sum.Sum(value => value * value));
        return [.. sum.Select(value => length == 0 ? 0 : (float)(value / length))];
    }

    private static Matrix Centroids(RawCluster[] layer, int dimension)
    {
        var values = new float[layer.Length * dimension];
        for (int i = 0; i < layer.Length; i++)
            layer[i].Centroid.CopyTo(values, i * dimension);
        return new Matrix(values, dimension);
    }
}
