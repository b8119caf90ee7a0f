namespace Tessera.CodeMap;

/// <summary>How far the building of a map has come.</summary>
/// <param name="Stage">What is being done, for a person ("reading files", "embedding", "clustering layer 1", "naming clusters", "summarising", "indexing").</param>
/// <param name="Done">Steps done in this stage.</param>
/// <param name="Total">Steps of this stage; 0 where it is not known.</param>
public readonly record struct CodeMapProgress(string Stage, int Done, int Total);
