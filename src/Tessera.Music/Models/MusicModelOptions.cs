using Tessera.Music.Retrieval;

namespace Tessera.Music.Models;

/// <summary>How a <see cref="MusicModel"/> is trained.</summary>
public sealed record MusicModelOptions
{
    /// <summary>Tokens of an n-gram (default 6).</summary>
    public int Order { get; init; } = 6;

    /// <summary>Numbers in the vectors of the learned embedder (default 64).</summary>
    public int EmbeddingDim { get; init; } = 64;

    /// <summary>Batches that the embedder learns from (default 1200).</summary>
    public int EmbedderSteps { get; init; } = 1200;

    /// <summary>Share of the pieces on which the weights of retrieval are learned, by a model that has not seen them; 0 to 0.5 (default 0.1; 0 keeps <see cref="FusionWeights.Default"/>).</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>Seed (default 42).</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }

    internal void Validate()
    {
        if (!(HeldOut is >= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(HeldOut), HeldOut, "Give a share from 0 to 0.5.");
        ArgumentOutOfRangeException.ThrowIfNegative(EmbedderSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
    }
}
