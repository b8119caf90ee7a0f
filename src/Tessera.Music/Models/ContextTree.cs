namespace Tessera.Music.Models;

/// <summary>The arrays of a <see cref="KneserNeyModel"/> while it is trained; nodes are numbered as they are done, children before parents.</summary>
internal sealed class ContextTree
{
    public List<int> ChildOffsets { get; } = [0];

    public List<int> ChildSymbols { get; } = [];

    public List<int> ChildNodes { get; } = [];

    public List<int> EntryOffsets { get; } = [0];

    public List<int> EntryTokens { get; } = [];

    /// <summary>The count of each entry at first, its discounted share in the end.</summary>
    public List<float> EntryShares { get; } = [];

    public List<float> Backoffs { get; } = [];

    /// <summary>How many tokens of context each node stands for.</summary>
    public List<int> Depths { get; } = [];
}
