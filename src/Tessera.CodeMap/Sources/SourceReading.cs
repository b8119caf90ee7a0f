namespace Tessera.CodeMap.Sources;

/// <summary>What was read of a folder.</summary>
/// <param name="Contents">Layer 0, in the order of paths and texts.</param>
/// <param name="Skipped">Files that were left out.</param>
/// <param name="FilesRead">Files that were new or different.</param>
internal sealed record SourceReading(MapContents Contents, SkippedFiles Skipped, int FilesRead);
