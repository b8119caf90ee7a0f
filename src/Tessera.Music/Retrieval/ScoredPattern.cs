using Tessera.Music.Packs;

namespace Tessera.Music.Retrieval;

/// <summary>A pattern that was retrieved.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Similarity">The inner product of its vector and the query's: 1 for the same.</param>
/// <param name="Score">What it is ranked by: the similarity, for a child's pattern times (1 + bias) times its weight.</param>
public readonly record struct ScoredPattern(StylePattern Pattern, float Similarity, float Score);
