namespace Tessera.Clustering;

/// <summary>Settings of <see cref="GaussianMixture"/>.</summary>
public sealed record GaussianMixtureOptions
{
    /// <summary>Number of components K, 1 to the number of vectors.</summary>
    public required int Components { get; init; }

    /// <summary>Variances alone or whole covariance matrices (default diagonal).</summary>
    public CovarianceShape Covariance { get; init; } = CovarianceShape.Diagonal;

    /// <summary>Principal directions that vectors are projected onto first; 0 (default) takes vectors as they are. Likelihoods are those of the projections.</summary>
    public int PrincipalDirections { get; init; }

    /// <summary>Most iterations of one run, at least 1 (default 100).</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Runs from different starts, of which the one of the largest likelihood is kept, at least 1 (default 1).</summary>
    public int Redo { get; init; } = 1;

    /// <summary>A run ends when an iteration raises the mean log-likelihood of a vector by less than this (default 1e-3).</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>What is added to every variance, as a share of the mean variance of the data's dimensions (default 1e-6): keeps components from shrinking to nothing.</summary>
    public double Regularisation { get; init; } = 1e-6;

    /// <summary>
    /// Most bytes beside the data (default 256 MiB): for the projections, the components' moments, and a block of probabilities.
    /// Vectors are taken in blocks as large as the rest allows; a limit below what one block of 256 takes is refused.
    /// Not counted is what the k-means that finds the start takes of at most 4,096 vectors for each component.
    /// </summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>Seed of all random choices (default 42). The same seed gives the same bits, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }
}
