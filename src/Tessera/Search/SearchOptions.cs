namespace Tessera.Search;

/// <summary>How a search trades time for recall. Knobs that an index does not have are ignored by it.</summary>
public sealed record SearchOptions
{
    /// <summary>The defaults.</summary>
    public static SearchOptions Default { get; } = new();

    /// <summary>Lists to visit in an inverted file, 1 to the number of lists. 0 (default) leaves it to the index's own setting.</summary>
    public int Probes { get; init; }

    /// <summary>Length of the beam through a graph (ef), at least k in effect. 0 (default) leaves it to the index's own setting.</summary>
    public int EfSearch { get; init; }

    /// <summary>Leaves to visit in a tree; more, where those hold fewer than k vectors. 0 (default) leaves it to the index's own setting.</summary>
    public int Beam { get; init; }

    /// <summary>Whether a search goes on until it has proved that it found the nearest (default false): its answers are then those of a flat index, to the bit. Refused by an index that cannot (<see cref="Indexes.VectorIndex.CanProve"/>).</summary>
    public bool Exact { get; init; }

    /// <summary>Candidates that an index with exact rerank takes from its codes, as a multiple of k; at least 1 (default 4).</summary>
    public int RerankFactor { get; init; } = 4;

    /// <summary>Threads for a batch of queries; 0 (default) uses every processor. A single query always runs on the caller's thread.</summary>
    public int Threads { get; init; }

    /// <summary>Which vectors may be answers; null (default) for all. A search then visits more of an index, so that its answers are as good as without.</summary>
    public SearchFilter? Filter { get; init; }
}
