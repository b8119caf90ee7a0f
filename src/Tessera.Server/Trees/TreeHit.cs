namespace Tessera.Server.Trees;

/// <summary>A node that answers a search.</summary>
/// <param name="Id">The node, or what lies in the last node of the path.</param>
/// <param name="Label">For people.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Score">Larger for better.</param>
/// <param name="Path">Ids from the root down.</param>
internal sealed record TreeHit(string Id, string Label, string Kind, float Score, IReadOnlyList<string> Path)
{
    public string? File { get; init; }

    public int? Line { get; init; }
}
