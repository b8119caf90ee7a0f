namespace Tessera.CodeMap.Entities;

/// <summary>A stretch of a source text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where the next one begins.</param>
internal readonly record struct TextSegment(TextSegmentKind Kind, int Start, int End);
