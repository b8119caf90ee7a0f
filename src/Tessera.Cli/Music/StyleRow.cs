using Tessera.Cli.Rendering;
using Tessera.Music.Evaluation;

namespace Tessera.Cli.Music;

/// <summary>The perplexities of a style.</summary>
internal sealed record StyleRow(string Style, long Tokens, double Alone, double WithRetrieval, double PacksOnly, double Reference)
{
    public static StyleRow Of(StylePerplexity style) => new(
        style.Style, style.Alone.Tokens, Round(style.Alone), Round(style.WithRetrieval), Round(style.PacksOnly), Round(style.Reference));

    private static double Round(Perplexity perplexity) => Figures.Significant(perplexity.Value, 5);
}
