namespace Tessera.Server.Ids;

/// <summary>One list of ids in <c>/api/ids</c>.</summary>
internal sealed record IdStoreEntry(string Name, int Items, int Levels);
