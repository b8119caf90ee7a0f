namespace Tessera.Attention;

/// <summary>What a cache holds for one layer.</summary>
/// <param name="LayerIdx">The layer.</param>
/// <param name="IndexInfo">Its index; null while the layer was never updated.</param>
public sealed record LayerInfo(int LayerIdx, IndexInfo? IndexInfo);
