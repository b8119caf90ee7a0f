namespace Tessera.SemanticIds;

/// <summary>Settings of <see cref="RQVAE"/>. The defaults are those of the Python original where no other reason is given.</summary>
public sealed record RQVAEOptions
{
    /// <summary>Codes of each level, at least 1 each (default 256, 256, 256, 256).</summary>
    public IReadOnlyList<int> Clusters { get; init; } = [256, 256, 256, 256];

    /// <summary>Numbers in the space that is quantised, at least 1 (default 64). With <see cref="Shortcut"/> it is that of the vectors, and this is not looked at.</summary>
    public int LatentDimension { get; init; } = 64;

    /// <summary>Numbers between the layers of the encoder; the decoder has them the other way around (default 512, 256, 128).</summary>
    public IReadOnlyList<int> Layers { get; init; } = [512, 256, 128];

    /// <summary>RQ-KMeans+: encoder and decoder add to their input what their layers make of it, and begin as the identity, so that training begins where RQ-KMeans ends (default no).</summary>
    public bool Shortcut { get; init; }

    /// <summary>Leaves the encoder as it begins, and learns codebooks and decoder alone, the entries by what the decoder wants of them (default no). With <see cref="Shortcut"/> the codes stay near those of RQ-KMeans and decode better.</summary>
    public bool FreezeEncoder { get; init; }

    /// <summary>What reconstruction minimises (default the mean squared error).</summary>
    public ReconstructionLoss Loss { get; init; } = ReconstructionLoss.Squared;

    /// <summary>Weight of the quantisation beside the reconstruction, 0 or more (default 1).</summary>
    public double QuantizationWeight { get; init; } = 1;

    /// <summary>Weight of the pull of latents towards their entries, beside that of entries towards their latents; 0 or more (default 0.25).</summary>
    public double Commitment { get; init; } = 0.25;

    /// <summary>Starts the codebooks by RQ-KMeans of the latents (default yes: without it most codes stay unused; the original's default is no).</summary>
    public bool WarmStart { get; init; } = true;

    /// <summary>Gives codes that an epoch has not used the latent of a vector instead (default yes; the original does not).</summary>
    public bool ReviveUnused { get; init; } = true;

    /// <summary>Entropic assignment in training, an epsilon for each level of which 0 takes the nearest entry (default empty: none). 0.003 is usual on the last level.</summary>
    public IReadOnlyList<double> SinkhornEpsilons { get; init; } = [];

    /// <summary>Iterations of the entropic assignment, at least 1 (default 100).</summary>
    public int SinkhornIterations { get; init; } = 100;

    /// <summary>Step of AdamW, above 0 (default 0.001; the original's is 0.0001, with which 100 epochs end far from done).</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Lets the step fall to 0 along half a cosine over the epochs (default yes; the original's default is no).</summary>
    public bool CosineSchedule { get; init; } = true;

    /// <summary>Weight decay of AdamW, 0 or more (default 0).</summary>
    public double WeightDecay { get; init; }

    /// <summary>Vectors in a step, at least 1 (default 256; the original's 2048 makes an eighth of the steps, and ends at twice the error on MNIST).</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Passes over the vectors, at least 1 (default 100).</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Share of the vectors that is not trained on and decides which epoch is kept, in [0, 0.5] (default 0.1). With 0 the training vectors decide.</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>Epochs without a better one after which the training ends; 0 never ends early (default 20).</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Seed of all random choices (default 42).</summary>
    public ulong Seed { get; init; } = 42;

    internal double SinkhornEpsilon(int level) => level < SinkhornEpsilons.Count ? SinkhornEpsilons[level] : 0;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Clusters);
        ArgumentNullException.ThrowIfNull(Layers);
        ArgumentNullException.ThrowIfNull(SinkhornEpsilons);
        Require(Clusters.Count > 0 && Clusters.All(clusters => clusters > 0), nameof(Clusters), string.Join(", ", Clusters), "one number of 1 or more for each level");
        Require(Layers.All(layer => layer > 0), nameof(Layers), string.Join(", ", Layers), "numbers of 1 or more");
        Require(SinkhornEpsilons.All(epsilon => epsilon is >= 0 and < 1e6), nameof(SinkhornEpsilons), string.Join(", ", SinkhornEpsilons), "numbers of 0 or more");
        Require(SinkhornEpsilons.Count <= Clusters.Count, nameof(SinkhornEpsilons), SinkhornEpsilons.Count, "of no more levels than Clusters");
        Require(LatentDimension >= 1, nameof(LatentDimension), LatentDimension, "1 or more");
        Require(Enum.IsDefined(Loss), nameof(Loss), Loss, "Squared or Absolute");
        Require(QuantizationWeight is >= 0 and < 1e6, nameof(QuantizationWeight), QuantizationWeight, "0 or more");
        Require(Commitment is >= 0 and < 1e6, nameof(Commitment), Commitment, "0 or more");
        Require(SinkhornIterations >= 1, nameof(SinkhornIterations), SinkhornIterations, "1 or more");
        Require(LearningRate is > 0 and < 1e6, nameof(LearningRate), LearningRate, "above 0");
        Require(WeightDecay is >= 0 and < 1e6, nameof(WeightDecay), WeightDecay, "0 or more");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        Require(Epochs >= 1, nameof(Epochs), Epochs, "1 or more");
        Require(HeldOut is >= 0 and <= 0.5, nameof(HeldOut), HeldOut, "in [0, 0.5]");
        Require(Patience >= 0, nameof(Patience), Patience, "0 (never) or more");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }
}
