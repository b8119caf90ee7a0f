namespace Tessera.Server.Ids;

/// <summary>The items under a prefix of ids.</summary>
internal sealed record IdFindAnswer(IReadOnlyList<int> Prefix, int Count, IReadOnlyList<IdItem> Items, IReadOnlyList<NextCode> Next);
