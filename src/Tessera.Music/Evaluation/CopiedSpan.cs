namespace Tessera.Music.Evaluation;

/// <summary>A span of a sequence that stands in a piece too.</summary>
/// <param name="Start">Where it begins in the sequence, from 0.</param>
/// <param name="Length">Tokens; 0 for none.</param>
/// <param name="Source">The file that it stands in, or null for none.</param>
/// <param name="Bar">The bar of that file in which it begins, from 0.</param>
public readonly record struct CopiedSpan(int Start, int Length, string? Source, int Bar);
