namespace Tessera.SemanticIds;

/// <summary>What the decoder of an <see cref="RQVAE"/> learns to keep small.</summary>
public enum ReconstructionLoss
{
    /// <summary>The mean of the squared differences.</summary>
    Squared,

    /// <summary>The mean of the absolute differences, which minds outliers less.</summary>
    Absolute,
}
