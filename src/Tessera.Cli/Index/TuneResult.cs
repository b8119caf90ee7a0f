namespace Tessera.Cli.Index;

/// <summary>What <c>index tune</c> prints: the setting chosen, or the best one where none reaches the target.</summary>
internal sealed record TuneResult(
    int K,
    int Queries,
    double Target,
    bool Reached,
    int? Probes,
    int? Ef,
    int? Beam,
    double Recall,
    double Qps,
    double P50Ms,
    double P99Ms,
    IReadOnlyList<TuneStep> Tried);
