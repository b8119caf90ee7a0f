using Tessera.Server.Trees;

namespace Tessera.Server.Code;

/// <summary>An entity that answers a question.</summary>
/// <param name="Node">Its id in the tree of the map.</param>
/// <param name="Id">Its id in every state of the code.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">class, method and so on.</param>
/// <param name="File">Relative to the map's root.</param>
/// <param name="Line">First line, from 1.</param>
/// <param name="EndLine">Last line.</param>
/// <param name="Documentation">What is said about it; null for nothing.</param>
internal sealed record EntityEntry(string Node, string Id, string Name, string Kind, string File, int Line, int EndLine, string? Documentation)
{
    public float? Score { get; init; }

    public IReadOnlyList<TreeStep>? Path { get; init; }
}
