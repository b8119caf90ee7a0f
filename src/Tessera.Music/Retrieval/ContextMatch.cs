namespace Tessera.Music.Retrieval;

/// <summary>A place where a context was seen before.</summary>
/// <param name="Token">The token that followed there.</param>
/// <param name="Length">Tokens of the context that are the same.</param>
/// <param name="Weight">How much the place counts.</param>
internal readonly record struct ContextMatch(int Token, int Length, float Weight);
