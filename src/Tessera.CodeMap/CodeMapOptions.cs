using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Summaries;

namespace Tessera.CodeMap;

/// <summary>Settings of <see cref="CodeMapBuilder"/>.</summary>
public sealed record CodeMapOptions
{
    /// <summary>The environment variable that sets <see cref="MaxDepth"/> where the options do not.</summary>
    public const string MaxDepthVariable = "HZ_HIRAG_MAX_DEPTH";

    /// <summary>The defaults.</summary>
    public static CodeMapOptions Default { get; } = new();

    /// <summary>A name for the code base, which becomes part of every id; null (default) for none.</summary>
    public string? Repository { get; init; }

    /// <summary>Numbers in each vector, at least 16 (default 1024: fewer let unlike tokens fall together, more cost memory and gained little).</summary>
    public int Dimension { get; init; } = 1024;

    /// <summary>Clusters of each layer; 0 (default) takes the square root of the number of items.</summary>
    public int Clusters { get; init; }

    /// <summary>Items that a layer must have for another one to be built over it, at least 2 (default 3).</summary>
    public int MinClusters { get; init; } = 3;

    /// <summary>Most layers of clusters, at least 1; null (default) takes the environment variable <see cref="MaxDepthVariable"/>, or else 24.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>How layers are clustered (default k-means).</summary>
    public ClusterMethod Method { get; init; }

    /// <summary>Whether each layer gets more clusters where its items are spread out and fewer where they lie close, half as many to half as many again (default false); only where <see cref="Clusters"/> is 0.</summary>
    public bool AdaptiveBranching { get; init; }

    /// <summary>No further layer is built over one whose members are as near to their centroids as this, as a mean cosine, more than 0 and at most 1; null (default) for no such rule.</summary>
    public double? Cohesion { get; init; }

    /// <summary>Files larger than this are left out and counted (default 1 MiB).</summary>
    public long MaxFileBytes { get; init; } = 1 << 20;

    /// <summary>Time that universal-ctags may take for one file, more than 0 (default 5 seconds); a file that takes longer is mapped by stretches of lines.</summary>
    public TimeSpan FileTimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the comment above a declaration counts for its vector and its words (default true); false to measure how well it is found by what the comment says.</summary>
    public bool ReadDocumentation { get; init; } = true;

    /// <summary>The model that gives entities and questions their vectors; null (default) for hashed tokens, which need no model.</summary>
    public IEntityEmbedder? Embedder { get; init; }

    /// <summary>Writes what clusters are about; null (default) for extracts of the code's own words.</summary>
    public IClusterSummarizer? Summarizer { get; init; }

    /// <summary>Told in a line for a person when a layer is begun and done, and why there is no further one; null (default) for nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Seed of all random choices (default 42). The same seed gives the same map, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }
}
