namespace Tessera.Cli.Ids;

/// <summary>What <c>ids find</c> prints.</summary>
/// <param name="Prefix">The prefix, as codes.</param>
/// <param name="Count">Items under it.</param>
/// <param name="Items">The first of them.</param>
/// <param name="NextCodes">Codes that may come behind the prefix.</param>
/// <param name="Nearest">Where nothing is under the prefix: items that share most of it.</param>
internal sealed record FindResult(IReadOnlyList<int> Prefix, int Count, IReadOnlyList<ItemId> Items, IReadOnlyList<int> NextCodes, IReadOnlyList<ItemId> Nearest);
