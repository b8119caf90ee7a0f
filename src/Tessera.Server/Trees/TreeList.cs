namespace Tessera.Server.Trees;

/// <summary>What <c>/api/trees</c> answers.</summary>
internal sealed record TreeList(IReadOnlyList<TreeEntry> Trees);
