namespace Tessera.Music.Packs;

/// <summary>A pattern of a style pack: a whole <c>.tokens</c> file, or one bar of a <c>.json</c> file.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="ParentGenre">The parent genre whose pack it is from.</param>
/// <param name="ChildGenre">The child genre, or null for one of the parent's own.</param>
/// <param name="Source">The file, relative to the folder of packs.</param>
/// <param name="Bar">The bar within the file, from 0.</param>
public sealed record StylePattern(IReadOnlyList<string> Tokens, string ParentGenre, string? ChildGenre, string Source, int Bar)
{
    /// <summary>What scores are multiplied by: 1 for the parent's own, the child's weight (default 1.5) for a child's.</summary>
    public float Weight { get; init; } = 1;
}
