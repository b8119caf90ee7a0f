namespace Tessera.CodeMap.Graph;

/// <summary>One entity's mention of another: a call, a creation, a base type.</summary>
/// <param name="From">Number of the entity that mentions.</param>
/// <param name="To">Number of the one that is mentioned.</param>
/// <param name="Weight">1 where the name can mean only this one; 1/n where it may mean any of n.</param>
public readonly record struct CodeEdge(int From, int To, float Weight);
