namespace Tessera.Server.Trees;

/// <summary>What a search in a tree answers.</summary>
internal sealed record TreeSearchAnswer(string Query, IReadOnlyList<TreeHit> Hits);
