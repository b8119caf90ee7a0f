namespace Tessera.CodeMap.Retrieval;

/// <summary>A folder that answers a broad question.</summary>
/// <param name="Path">The folder, relative to the map's root with '/'; empty for the root.</param>
/// <param name="Score">Its share of the evidence that the entities of the clusters reached give, 0 to 1.</param>
public sealed record FolderAnswer(string Path, float Score);
