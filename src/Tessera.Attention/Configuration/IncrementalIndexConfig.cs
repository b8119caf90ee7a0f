namespace Tessera.Attention.Configuration;

/// <summary>
/// A tree that takes new keys into their nearest clusters, whose means, counts and radii follow; clusters that grow full are
/// split. The newest segment of the tree is clustered again every <see cref="RebuildEveryN"/> updates, or sooner when new
/// keys no longer fit the clusters.
/// </summary>
public sealed record IncrementalIndexConfig : IndexConfig
{
    internal const string TypeName = "incremental";

    /// <summary>Clusters the newest segment from scratch every so many updates, at least 1 (default 10). An update is a batch of keys that leaves the window, see <see cref="HiraCacheOptions.InsertBatch"/>.</summary>
    public int RebuildEveryN { get; init; } = 10;

    /// <summary>How the cluster of a new key is found (default nearest_centroid).</summary>
    public AssignmentMethod AssignmentMethod { get; init; } = AssignmentMethod.NearestCentroid;

    /// <inheritdoc/>
    public override string IndexType => TypeName;

    /// <summary>Reads settings from a dictionary; what is left out has its default.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a value is of the wrong type or out of range.</exception>
    public static new IncrementalIndexConfig FromDictionary(IReadOnlyDictionary<string, object?> dictionary)
    {
        var reader = new ConfigReader(dictionary);
        var defaults = new IncrementalIndexConfig();
        IncrementalIndexConfig config = Common(new IncrementalIndexConfig
        {
            RebuildEveryN = reader.Int("rebuild_every_n", defaults.RebuildEveryN),
            AssignmentMethod = reader.Choice("assignment_method", defaults.AssignmentMethod, ("nearest_centroid", AssignmentMethod.NearestCentroid)),
        }, reader);
        config.ValidateOwn();
        return config;
    }

    private protected override void AddTo(Dictionary<string, object?> dictionary)
    {
        dictionary["rebuild_every_n"] = RebuildEveryN;
        dictionary["assignment_method"] = "nearest_centroid";
    }

    private protected override void ValidateOwn()
    {
        Require(RebuildEveryN >= 1, nameof(RebuildEveryN), RebuildEveryN, "at least 1");
        Require(Enum.IsDefined(AssignmentMethod), nameof(AssignmentMethod), AssignmentMethod, "NearestCentroid");
    }
}
