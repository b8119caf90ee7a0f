namespace Tessera.SemanticIds.Uniqueness;

/// <summary>An item and the id that is its own.</summary>
/// <param name="Item">What the item is known by.</param>
/// <param name="Id">Its id, which no other item has.</param>
public readonly record struct IdAssignment(string Item, string Id);
