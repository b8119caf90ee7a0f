using System.Globalization;

namespace Tessera.CodeMap.Layers;

/// <summary>The checked settings of <see cref="LayerBuilder"/>.</summary>
/// <param name="Clusters">k of each layer; 0 for the square root of the items.</param>
/// <param name="MinClusters">Items that another layer needs.</param>
/// <param name="MaxDepth">Most layers of clusters.</param>
/// <param name="Seed">Seed of all random choices.</param>
/// <param name="Threads">Threads; 0 for every processor.</param>
internal sealed record LayerSettings(int Clusters, int MinClusters, int MaxDepth, ulong Seed, int Threads)
{
    /// <summary>How layers are clustered.</summary>
    public ClusterMethod Method { get; init; }

    /// <summary>Whether k follows the density of the items.</summary>
    public bool AdaptiveBranching { get; init; }

    /// <summary>Mean cosine of members and centroids at which no further layer is built; null for none.</summary>
    public double? Cohesion { get; init; }

    private const int DefaultMaxDepth = 24;

    /// <summary>Checks the options, and the environment variable that stands behind one of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public static LayerSettings From(CodeMapOptions options)
    {
        Require(options, options.Dimension >= 16, options.Dimension, nameof(options.Dimension), "at least 16");
        Require(options, options.Clusters >= 0, options.Clusters, nameof(options.Clusters), "at least 1, or 0 for the square root of the items");
        Require(options, options.MinClusters >= 2, options.MinClusters, nameof(options.MinClusters), "at least 2");
        Require(options, options.MaxDepth is null or >= 1, options.MaxDepth, nameof(options.MaxDepth), "at least 1");
        Require(options, Enum.IsDefined(options.Method), options.Method, nameof(options.Method), "KMeans or Gmm");
        Require(options, options.Cohesion is null or (> 0 and <= 1), options.Cohesion, nameof(options.Cohesion), "more than 0 and at most 1");
        Require(options, options.MaxFileBytes >= 1, options.MaxFileBytes, nameof(options.MaxFileBytes), "at least 1");
        Require(options, options.FileTimeLimit > TimeSpan.Zero, options.FileTimeLimit, nameof(options.FileTimeLimit), "more than no time");
        Require(options, options.Threads >= 0, options.Threads, nameof(options.Threads), "at least 1, or 0 for every processor");
        return new LayerSettings(options.Clusters, options.MinClusters, options.MaxDepth ?? MaxDepthOfEnvironment(options), options.Seed, options.Threads)
        {
            Method = options.Method,
            AdaptiveBranching = options.AdaptiveBranching,
            Cohesion = options.Cohesion,
        };
    }

    private static void Require(CodeMapOptions options, bool holds, object? value, string name, string right)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(nameof(options), value, $"{name} is {value}; it must be {right}.");
    }

    private static int MaxDepthOfEnvironment(CodeMapOptions options)
    {
        string? text = Environment.GetEnvironmentVariable(CodeMapOptions.MaxDepthVariable);
        if (string.IsNullOrWhiteSpace(text))
            return DefaultMaxDepth;
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int depth) && depth >= 1;
        Require(options, isNumber, text, $"The environment variable {CodeMapOptions.MaxDepthVariable}", "a whole number of at least 1");
        return depth;
    }
}
