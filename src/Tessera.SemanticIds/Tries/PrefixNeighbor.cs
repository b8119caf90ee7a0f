namespace Tessera.SemanticIds.Tries;

/// <summary>An item that shares the beginning of its codes with others asked for.</summary>
/// <param name="Item">What the item is known by.</param>
/// <param name="Codes">Its codes.</param>
/// <param name="CommonPrefix">Codes that are the same, from the first on.</param>
public readonly record struct PrefixNeighbor(string Item, ReadOnlyMemory<int> Codes, int CommonPrefix);
