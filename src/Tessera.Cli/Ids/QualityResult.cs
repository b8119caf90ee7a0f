using Tessera.Cli.Rendering;
using Tessera.SemanticIds.Quality;

namespace Tessera.Cli.Ids;

/// <summary>What <c>ids evaluate</c> prints, and a row of <c>ids sweep</c> holds.</summary>
internal sealed record QualityResult(
    int Items,
    int UniqueCodes,
    double CollisionRate,
    double CollidingShare,
    double Entropy,
    IReadOnlyList<double> Perplexity,
    IReadOnlyList<double> Utilisation,
    IReadOnlyList<int> Largest,
    double Error,
    double RelativeError,
    int K,
    double Recall,
    double Ndcg,
    double Spearman)
{
    public static QualityResult Of(SemanticIdQuality quality) => new(
        quality.Items,
        quality.UniqueCodes,
        Math.Round(quality.CollisionRate, 6),
        Math.Round(quality.CollidingShare, 6),
        Math.Round(quality.Entropy, 4),
        [.. quality.Levels.Select(level => Math.Round(level.Perplexity, 2))],
        [.. quality.Levels.Select(level => Math.Round(level.Utilisation, 4))],
        [.. quality.Levels.Select(level => level.Largest)],
        Figures.Significant(quality.Error, 6),
        Math.Round(quality.RelativeError, 5),
        quality.K,
        Math.Round(quality.Recall, 5),
        Math.Round(quality.Ndcg, 5),
        Math.Round(quality.Spearman, 5));
}
