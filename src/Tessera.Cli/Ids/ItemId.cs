namespace Tessera.Cli.Ids;

/// <summary>An item and its id.</summary>
internal sealed record ItemId(string Item, string Id);
