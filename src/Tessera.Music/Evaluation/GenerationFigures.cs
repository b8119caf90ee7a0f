namespace Tessera.Music.Evaluation;

/// <summary>How well what is generated keeps the style that was asked for.</summary>
/// <param name="Style">The parent genre.</param>
/// <param name="Samples">Pieces that were generated with retrieval, and as many without.</param>
/// <param name="Named">Those with retrieval of which a classifier names the style.</param>
/// <param name="NamedWithout">Those without.</param>
/// <param name="Copied">The longest span that was copied with retrieval.</param>
/// <param name="CopiedWithout">The longest without.</param>
public readonly record struct GenerationFigures(string Style, int Samples, int Named, int NamedWithout, CopiedSpan Copied, CopiedSpan CopiedWithout);
