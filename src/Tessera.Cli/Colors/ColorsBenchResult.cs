using Tessera.Colors.Evaluation;

namespace Tessera.Cli.Colors;

/// <summary>What <c>colors bench</c> prints.</summary>
internal sealed record ColorsBenchResult(
    string Collection,
    int Images,
    IReadOnlyList<PrecisionRow>? Precision,
    IReadOnlyList<SearchFigures>? AsSet,
    IReadOnlyList<SearchFigures>? ThroughIndex,
    double CodeBytes,
    double Compression,
    long IndexBytes,
    long HistogramBytes,
    double BuildSeconds);
