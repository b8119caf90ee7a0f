namespace Tessera.Music.Evaluation;

/// <summary>How well held-out pieces of child genres are predicted under the bias of a child.</summary>
/// <param name="Pieces">Pieces whose child the index has beside others of the same parent.</param>
/// <param name="Parent">With the bias of the parent alone.</param>
/// <param name="Right">With that of their own child.</param>
/// <param name="Wrong">With that of another child of the parent: the mean over all others.</param>
public readonly record struct ChildPerplexity(int Pieces, Perplexity Parent, Perplexity Right, Perplexity Wrong);
