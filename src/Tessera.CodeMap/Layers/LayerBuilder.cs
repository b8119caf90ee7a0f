using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>
/// Builds clusters over clusters until a rule stops it (HiRAG, arXiv 2503.10150): each layer clusters the one below by
/// spherical k-means or by a Gaussian mixture, with k about the square root of what it clusters.
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
        Matrix entities, IProgress<int>? progress, Action<string>? log, CancellationToken cancellationToken) =>
        Build([], entities, entities.Dimension, progress, log, cancellationToken);

    /// <summary>Builds all layers above a first one that is there.</summary>
    /// <returns>The first layer and those above it.</returns>
    public (List<RawCluster[]> Layers, LayerTermination Termination) BuildUpperLayers(
        RawCluster[] first, int dimension, IProgress<int>? progress, Action<string>? log, CancellationToken cancellationToken) =>
        Build([first], Centroids(first, dimension), dimension, progress, log, cancellationToken);

    private (List<RawCluster[]> Layers, LayerTermination Termination) Build(
        List<RawCluster[]> layers, Matrix below, int dimension, IProgress<int>? progress, Action<string>? log, CancellationToken cancellationToken)
    {
        double cohesion = 0;
        while (true)
        {
            int k = Branching(below);
            if (Stop(below, layers.Count, k, cohesion) is { } termination)
            {
                log?.Invoke($"Hierarchical clustering complete, built {layers.Count} layers total: {termination.Explanation}");
                return (layers, termination);
            }

            progress?.Report(layers.Count + 1);
            log?.Invoke($"Building layer {layers.Count + 1} from layer {layers.Count} clusters");
            RawCluster[] layer = BuildLayer(below, k, layers.Count + 1, cancellationToken);
            layers.Add(layer);
            log?.Invoke($"Layer {layers.Count} clustering complete, created {layer.Length} clusters");
            cohesion = settings.Cohesion is null ? 0 : CohesionOf(below, layer);
            below = Centroids(layer, dimension);
        }
    }

    /// <summary>k as it was asked for, or the square root of the items; adaptive, more where they are spread out and fewer where they lie close.</summary>
    private int Branching(Matrix below)
    {
        if (settings.Clusters > 0)
            return settings.Clusters;
        double k = Math.Sqrt(below.Rows);
        if (settings.AdaptiveBranching && below.Rows > 0)
        {
            // The squared length of the mean of unit vectors is their mean cosine with each other: their density.
            double density = Sum(below, Enumerable.Range(0, below.Rows)).Sum(value => value / below.Rows * (value / below.Rows));
            k *= Math.Clamp(2 * (1 - density), 0.5, 1.5);
        }

        return Math.Max(2, (int)Math.Round(k, MidpointRounding.AwayFromZero));
    }

    private LayerTermination? Stop(Matrix below, int layer, int k, double cohesion)
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
        if (layer > 0 && cohesion >= settings.Cohesion)
            return new(TerminationReason.Cohesion, layer, FormattableString.Invariant($"{items}, whose members are alike to {cohesion:0.###} in the mean; {settings.Cohesion} is enough"));
        return null;
    }

    /// <summary>Clusters the rows of one layer.</summary>
    /// <param name="below">The items.</param>
    /// <param name="k">Clusters at most.</param>
    /// <param name="layer">The layer that is built, from 1.</param>
    /// <param name="cancellationToken">Stops between iterations.</param>
    public RawCluster[] BuildLayer(Matrix below, int k, int layer, CancellationToken cancellationToken)
    {
        Matrix points = layer == 1 ? below : WithoutMean(below);
        (List<int> Members, List<int> Shared)[] clusters = settings.Method == ClusterMethod.Gmm
            ? MixtureLayer.Cluster(points, k, settings, layer, cancellationToken)
            : Nearest(points, k, layer, cancellationToken);

        // Numbered by first member, so that numbers do not depend on how k-means numbered its centroids; a centroid that
        // nothing is nearest to makes no cluster.
        return [.. clusters
            .Where(cluster => cluster.Members.Count > cluster.Shared.Count)
            .OrderBy(cluster => cluster.Members.Except(cluster.Shared).First())
            .Select(cluster => new RawCluster([.. cluster.Members], Centroid(below, cluster.Members), [.. cluster.Shared]))];
    }

    private (List<int> Members, List<int> Shared)[] Nearest(Matrix points, int k, int layer, CancellationToken cancellationToken)
    {
        var options = new KMeansOptions
        {
            Clusters = k,
            Spherical = true,
            Init = KMeansInit.PlusPlus,
            Redo = points.Rows <= FewItems ? RunsOfFew : 1,
            Seed = settings.Seed + (ulong)layer,
            Threads = settings.Threads,
            MaxPointsPerCluster = 0,
        };
        KMeansResult result = KMeans.Fit(points, options, cancellationToken: cancellationToken);
        int[] assignment = result.Assign(points, settings.Threads, cancellationToken);
        return [.. Enumerable.Range(0, points.Rows).GroupBy(row => assignment[row]).Select(cluster => (cluster.ToList(), new List<int>()))];
    }

    /// <summary>How near members are to their centroids, in the mean: 1 where all are alike.</summary>
    private static double CohesionOf(Matrix below, RawCluster[] layer) =>
        layer.SelectMany(cluster => cluster.Members.Select(member => (double)Product.Of(below[member], cluster.Centroid))).Average();

    /// <summary>The mean of some rows, scaled to length 1.</summary>
    public static float[] Centroid(Matrix rows, IEnumerable<int> members) => Normalised(Sum(rows, members));

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

    /// <summary>The centroids of a layer, a row each.</summary>
    public static Matrix Centroids(RawCluster[] layer, int dimension)
    {
        var values = new float[layer.Length * dimension];
        for (int i = 0; i < layer.Length; i++)
            layer[i].Centroid.CopyTo(values, i * dimension);
        return new Matrix(values, dimension);
    }
}
