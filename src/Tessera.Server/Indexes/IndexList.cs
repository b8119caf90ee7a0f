namespace Tessera.Server.Indexes;

/// <summary>What <c>/api/indexes</c> answers: those that are loaded.</summary>
internal sealed record IndexList(IReadOnlyList<IndexEntry> Indexes);
