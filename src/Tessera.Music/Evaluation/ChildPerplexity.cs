namespace Tessera.Music.Evaluation;

/// <summary>How well held-out pieces of child genres are predicted under the bias of a child.</summary>
/// <param name="Pieces">Pieces whose child the index has beside others of the same parent.</param>
/// <param name="Right">With their own child.</param>
/// <param name="Wrong">With each of the other children of their parent.</param>
public readonly record struct ChildPerplexity(int Pieces, Perplexity Right, Perplexity Wrong);
