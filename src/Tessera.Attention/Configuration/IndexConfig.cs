using Tessera.Attention.Storage;
using Tessera.Clustering;

namespace Tessera.Attention.Configuration;

/// <summary>What all kinds of index over a layer's keys have in common. A cache makes one index of this kind for each layer.</summary>
public abstract record IndexConfig
{
    private protected IndexConfig()
    {
    }

    /// <summary>Levels of the hierarchy, the keys themselves included, 1 to 8 (default 3: keys, clusters of keys, clusters of clusters). With 1 there are no clusters and attention is dense.</summary>
    public int NumLevels { get; init; } = 3;

    /// <summary>Mean number of children of a cluster, 2 to 4096 (default 32).</summary>
    public int BranchingFactor { get; init; } = 32;

    /// <summary>Where the index works; only <c>cpu</c> (default) is served.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whatever else the caller wants to keep with the settings: texts, numbers, truth values, nulls, and lists and dictionaries of them (default empty). Not interpreted.</summary>
    public IReadOnlyDictionary<string, object?> Metadata { get; init; } = new Dictionary<string, object?>();

    /// <summary>Most k-means iterations on each level, at least 1 (default 25).</summary>
    public int MaxIterations { get; init; } = 25;

    /// <summary>Asks for a GPU (default false). None is served: a cache refuses true.</summary>
    public bool UseGpu { get; init; }

    /// <summary>What <c>index_type</c> says in dictionaries and JSON.</summary>
    public abstract string IndexType { get; }

    /// <summary>Reads settings whose <c>index_type</c> says which kind they are.</summary>
    /// <param name="dictionary">Names as <see cref="ToDictionary"/> gives them; what is left out has its default.</param>
    /// <exception cref="ArgumentException">The type is missing or unknown, a name is unknown, or a value is of the wrong type or out of range.</exception>
    public static IndexConfig FromDictionary(IReadOnlyDictionary<string, object?> dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        return dictionary.GetValueOrDefault("index_type") switch
        {
            KMeansIndexConfig.TypeName => KMeansIndexConfig.FromDictionary(dictionary),
            IncrementalIndexConfig.TypeName => IncrementalIndexConfig.FromDictionary(dictionary),
            ProductQuantizationIndexConfig.TypeName => ProductQuantizationIndexConfig.FromDictionary(dictionary),
            object type => throw new ArgumentException($"index_type is '{type}'; give kmeans, incremental or product_quantization.", nameof(dictionary)),
            null => throw new ArgumentException("index_type is missing; give kmeans, incremental or product_quantization.", nameof(dictionary)),
        };
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">The text is not such JSON; the message says what would be right.</exception>
    public static IndexConfig FromJson(string json) => FromDictionary(ConfigJson.Read(json));

    /// <summary>The settings under the names of the reference (<c>num_levels</c>, <c>branching_factor</c>, ...), with <c>index_type</c>.</summary>
    public Dictionary<string, object?> ToDictionary()
    {
        var dictionary = new Dictionary<string, object?>
        {
            ["index_type"] = IndexType,
            ["num_levels"] = NumLevels,
            ["branching_factor"] = BranchingFactor,
            ["device"] = Device,
            ["metadata"] = new Dictionary<string, object?>(Metadata),
            ["max_iterations"] = MaxIterations,
            ["use_gpu"] = UseGpu,
        };
        AddTo(dictionary);
        return dictionary;
    }

    /// <summary>The same as one JSON object.</summary>
    public string ToJson() => ConfigJson.Write(ToDictionary());

    /// <summary>Refuses settings that are out of range, by name; a cache calls it once.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="NotSupportedException">A GPU is asked for.</exception>
    public void Validate()
    {
        Require(NumLevels is >= 1 and <= 8, nameof(NumLevels), NumLevels, "1 to 8");
        Require(BranchingFactor is >= 2 and <= 4096, nameof(BranchingFactor), BranchingFactor, "2 to 4096");
        Require(MaxIterations >= 1, nameof(MaxIterations), MaxIterations, "at least 1");
        if (UseGpu || (Device is not null && Device.StartsWith("cuda", StringComparison.Ordinal)))
            throw new NotSupportedException("No GPU serves this build of Tessera: leave UseGpu false and Device \"cpu\".");
        if (Device != "cpu")
            throw new ArgumentException($"Device is '{Device}'; it must be \"cpu\".", nameof(Device));
        ValidateOwn();
    }

    /// <summary>How keys are kept unless the cache's options say so.</summary>
    internal virtual KeyFormat? Format => null;

    /// <summary>Settings of the clustering on every level.</summary>
    internal virtual (KMeansInit Init, int Redo, double Tolerance) Clustering => (KMeansInit.PlusPlus, 1, 1e-4);

    internal static void Require<T>(bool holds, string name, T value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }

    private protected abstract void AddTo(Dictionary<string, object?> dictionary);

    private protected abstract void ValidateOwn();

    private protected static T Common<T>(T config, ConfigReader reader)
        where T : IndexConfig
    {
        IndexConfig read = config with
        {
            NumLevels = reader.Int("num_levels", config.NumLevels),
            BranchingFactor = reader.Int("branching_factor", config.BranchingFactor),
            Device = reader.Text("device", config.Device),
            Metadata = reader.Dictionary("metadata", config.Metadata),
            MaxIterations = reader.Int("max_iterations", config.MaxIterations),
            UseGpu = reader.Bool("use_gpu", config.UseGpu),
        };
        reader.RequireType(config.IndexType);
        reader.RequireAllRead();
        return (T)read;
    }
}
