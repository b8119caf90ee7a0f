namespace Tessera.Cli.Music;

/// <summary>What <c>music eval</c> prints.</summary>
internal sealed record MusicEvalResult(
    IReadOnlyList<StyleRow> Perplexity,
    int ChildPieces,
    double? ParentAlone,
    double? RightChild,
    double? WrongChild,
    double? ClassifierAccuracy,
    IReadOnlyList<GenerationRow> Generation,
    int Samples,
    int Named,
    int NamedWithout,
    double FusionWeight,
    double GenerationWeight);
