namespace Tessera.Server.Ids;

/// <summary>What <c>/api/ids</c> answers: those that are loaded.</summary>
internal sealed record IdStoreList(IReadOnlyList<IdStoreEntry> Stores);
