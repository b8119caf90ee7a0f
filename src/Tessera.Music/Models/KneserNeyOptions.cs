namespace Tessera.Music.Models;

/// <summary>How a <see cref="KneserNeyModel"/> is trained.</summary>
public sealed record KneserNeyOptions
{
    /// <summary>Tokens of an n-gram, the predicted one included, 1 to 16 (default 6, which reaches back more than a note; found on held-out drums).</summary>
    public int Order { get; init; } = 6;

    internal void Validate()
    {
        if (Order is < 1 or > 16)
            throw new ArgumentOutOfRangeException(nameof(Order), Order, "Give 1 to 16 tokens.");
    }
}
