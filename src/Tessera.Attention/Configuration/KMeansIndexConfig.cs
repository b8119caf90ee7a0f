using Tessera.Attention.Storage;
using Tessera.Clustering;

namespace Tessera.Attention.Configuration;

/// <summary>
/// A tree of k-means clusters. Keys that leave the window gather until <see cref="UpdateFrequency"/> says so, then they become
/// a segment with a tree of its own; neighbouring segments of like size are merged and clustered again from the centroids that
/// they had, so that a key is clustered a few times in its life and never once for each token.
/// </summary>
public sealed record KMeansIndexConfig : IndexConfig
{
    internal const string TypeName = "kmeans";

    /// <summary>A run of k-means ends when an iteration lowers the inertia by less than this share of it, in [0, 1) (default 1e-4).</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>How the first centroids are chosen (default k-means++; in dictionaries <c>kmeans++</c> or <c>random</c>).</summary>
    public KMeansInit InitMethod { get; init; } = KMeansInit.PlusPlus;

    /// <summary>Runs of k-means from different starts, of which the best is kept, at least 1 (default 1).</summary>
    public int NRedo { get; init; } = 1;

    /// <summary>Reports every clustering to the cache's <see cref="IProgress{T}"/> (default false).</summary>
    public bool Verbose { get; init; }

    /// <summary>Keeps keys and values as 16-bit floats, which halves the memory that attention reads (default false). The clustering itself always counts in float32.</summary>
    public bool UseFloat16 { get; init; }

    /// <summary>When keys go into the tree (default every_n).</summary>
    public UpdateFrequency UpdateFrequency { get; init; } = UpdateFrequency.EveryN;

    /// <summary>For every_n: keys, of each head, that gather before they are clustered, at least 1 (default 128).</summary>
    public int UpdateInterval { get; init; } = 128;

    /// <summary>For threshold: gathered keys as a share of those in the tree, above 0 and at most 1 (default 0.1).</summary>
    public double UpdateThreshold { get; init; } = 0.1;

    /// <inheritdoc/>
    public override string IndexType => TypeName;

    internal override KeyFormat? Format => UseFloat16 ? KeyFormat.F16 : null;

    internal override (KMeansInit Init, int Redo, double Tolerance) Clustering => (InitMethod, NRedo, Tolerance);

    /// <summary>Reads settings from a dictionary; what is left out has its default.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a value is of the wrong type or out of range.</exception>
    public static new KMeansIndexConfig FromDictionary(IReadOnlyDictionary<string, object?> dictionary)
    {
        var reader = new ConfigReader(dictionary);
        var defaults = new KMeansIndexConfig();
        KMeansIndexConfig config = Common(new KMeansIndexConfig
        {
            Tolerance = reader.Number("tolerance", defaults.Tolerance),
            InitMethod = reader.Choice("init_method", defaults.InitMethod, ("kmeans++", KMeansInit.PlusPlus), ("random", KMeansInit.Random)),
            NRedo = reader.Int("nredo", defaults.NRedo),
            Verbose = reader.Bool("verbose", defaults.Verbose),
            UseFloat16 = reader.Bool("use_float16", defaults.UseFloat16),
            UpdateFrequency = reader.Choice(
                "update_frequency",
                defaults.UpdateFrequency,
                ("always", UpdateFrequency.Always), ("every_n", UpdateFrequency.EveryN), ("threshold", UpdateFrequency.Threshold)),
            UpdateInterval = reader.Int("update_interval", defaults.UpdateInterval),
            UpdateThreshold = reader.Number("update_threshold", defaults.UpdateThreshold),
        }, reader);
        config.ValidateOwn();
        return config;
    }

    private protected override void AddTo(Dictionary<string, object?> dictionary)
    {
        dictionary["tolerance"] = Tolerance;
        dictionary["init_method"] = InitMethod == KMeansInit.Random ? "random" : "kmeans++";
        dictionary["nredo"] = NRedo;
        dictionary["verbose"] = Verbose;
        dictionary["use_float16"] = UseFloat16;
        dictionary["update_frequency"] = UpdateFrequency switch
        {
            UpdateFrequency.Always => "always",
            UpdateFrequency.Threshold => "threshold",
            _ => "every_n",
        };
        dictionary["update_interval"] = UpdateInterval;
        dictionary["update_threshold"] = UpdateThreshold;
    }

    private protected override void ValidateOwn()
    {
        Require(Tolerance is >= 0 and < 1, nameof(Tolerance), Tolerance, "in [0, 1)");
        Require(Enum.IsDefined(InitMethod), nameof(InitMethod), InitMethod, "PlusPlus or Random");
        Require(NRedo >= 1, nameof(NRedo), NRedo, "at least 1");
        Require(Enum.IsDefined(UpdateFrequency), nameof(UpdateFrequency), UpdateFrequency, "Always, EveryN or Threshold");
        Require(UpdateInterval >= 1, nameof(UpdateInterval), UpdateInterval, "at least 1");
        Require(UpdateThreshold is > 0 and <= 1, nameof(UpdateThreshold), UpdateThreshold, "above 0 and at most 1");
    }
}
