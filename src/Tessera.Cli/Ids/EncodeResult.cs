namespace Tessera.Cli.Ids;

/// <summary>What <c>ids encode</c> prints.</summary>
/// <param name="Items">Items coded.</param>
/// <param name="UniqueIds">Different ids among them.</param>
/// <param name="Suffixed">Items whose id is not the bare one.</param>
/// <param name="EncodeSeconds">Time of coding.</param>
/// <param name="UniqueSeconds">Time of making unique; null where that was not asked for.</param>
/// <param name="Ids">The ids; null where they were written to a file.</param>
internal sealed record EncodeResult(int Items, int UniqueIds, int Suffixed, double EncodeSeconds, double? UniqueSeconds, IReadOnlyList<ItemId>? Ids);
