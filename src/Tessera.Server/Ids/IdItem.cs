namespace Tessera.Server.Ids;

/// <summary>An item and its id.</summary>
internal sealed record IdItem(string Item, string Id);
