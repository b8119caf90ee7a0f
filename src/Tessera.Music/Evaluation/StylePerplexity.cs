namespace Tessera.Music.Evaluation;

/// <summary>How well held-out pieces of a style are predicted.</summary>
/// <param name="Style">The parent genre.</param>
/// <param name="Alone">By the model alone.</param>
/// <param name="WithRetrieval">With retrieval from the style's packs and the piece's own past.</param>
/// <param name="PacksOnly">With retrieval from the style's packs alone.</param>
/// <param name="Reference">With the fusion of the reference document.</param>
public readonly record struct StylePerplexity(string Style, Perplexity Alone, Perplexity WithRetrieval, Perplexity PacksOnly, Perplexity Reference)
{
    /// <summary>All styles together.</summary>
    public static StylePerplexity Total(IEnumerable<StylePerplexity> styles) => styles.Aggregate(
        new StylePerplexity("all", default, default, default, default),
        (sum, style) => new StylePerplexity("all", sum.Alone + style.Alone, sum.WithRetrieval + style.WithRetrieval, sum.PacksOnly + style.PacksOnly, sum.Reference + style.Reference));
}
