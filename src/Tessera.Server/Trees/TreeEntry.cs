namespace Tessera.Server.Trees;

/// <summary>One tree in <c>/api/trees</c>.</summary>
internal sealed record TreeEntry(string Name, string Kind, string Title, int Nodes, int Leaves, int Depth, string State);
