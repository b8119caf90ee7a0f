namespace Tessera.Quantization;

/// <summary>How an index is trained and filled.</summary>
public sealed record BuildOptions
{
    /// <summary>The defaults.</summary>
    public static BuildOptions Default { get; } = new();

    /// <summary>Seed of all random choices (default 42). The same seed gives the same file, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }

    /// <summary>Iterations of the coarse k-means (default 11). The early ones see a part of the training vectors only, the last ones all.</summary>
    public int CoarseIterations { get; init; } = 11;

    /// <summary>Iterations of each codebook's k-means (default 25).</summary>
    public int CodebookIterations { get; init; } = 25;

    /// <summary>Training vectors for each entry of a codebook, and half as many for each list, beyond which the training set is sampled (default 256; 0 uses all).</summary>
    public int MaxPointsPerCentroid { get; init; } = 256;

    /// <summary>Where an index that keeps its vectors in a file (<see cref="Indexes.RefineStorage.Mapped"/>) puts those that are added, until it is saved or closed: a folder with room for 4 * dimension bytes for each vector. Null (default) is the system's folder for temporary files, which on some systems lies in memory. Counts when the file is made: at the first add to an index that was made, opened or compacted.</summary>
    public string? SpillFolder { get; init; }

    /// <summary>Refuses a setting that is out of range, by its own name.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(CoarseIterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CodebookIterations, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPointsPerCentroid);
    }
}
