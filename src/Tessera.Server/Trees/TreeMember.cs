namespace Tessera.Server.Trees;

/// <summary>Something that lies in a node.</summary>
internal sealed record TreeMember(string Id, string Label, string Kind)
{
    public string? File { get; init; }

    public int? Line { get; init; }

    public int? EndLine { get; init; }

    /// <summary>What is said about it.</summary>
    public string? Text { get; init; }
}
