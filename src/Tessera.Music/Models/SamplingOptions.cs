namespace Tessera.Music.Models;

/// <summary>How a <see cref="Sampler"/> draws.</summary>
public sealed record SamplingOptions
{
    /// <summary>Tokens of the sequence at most, the prompt included (default 512).</summary>
    public int MaxLength { get; init; } = 512;

    /// <summary>What logits are divided by, 0 or more (default 1); 0 always takes the likeliest token.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>The likeliest tokens that together have this probability are drawn from, above 0 to 1 (default 0.9).</summary>
    public float TopP { get; init; } = 0.9f;

    /// <summary>Seed; the same one gives the same music (default 42).</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Tokens that may be copied in a row from any piece of the index, 1 to 255; 0 (default) for no limit.</summary>
    public int MaxCopy { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLength, 1);
        if (!(Temperature >= 0) || !float.IsFinite(Temperature))
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "Give a number of 0 or more.");
        if (!(TopP is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "Give a number above 0 and up to 1.");
        if (MaxCopy is < 0 or > 255)
            throw new ArgumentOutOfRangeException(nameof(MaxCopy), MaxCopy, "Give 1 to 255 tokens, or 0 for no limit.");
    }
}
