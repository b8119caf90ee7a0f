using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap;

/// <summary>Where the contents of a map came from.</summary>
/// <param name="Root">The folder, as a full path; empty for the map over all repositories.</param>
/// <param name="Skipped">Files that were left out.</param>
/// <param name="Reading">How long the reading took.</param>
internal readonly record struct MapSource(string Root, SkippedFiles Skipped, TimeSpan Reading);
