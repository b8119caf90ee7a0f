namespace Tessera.Search;

/// <summary>One setting that the tuner tried.</summary>
/// <param name="Probes">Lists visited for each query.</param>
/// <param name="Recall">Mean k-recall@k, 0 to 1.</param>
public readonly record struct TuningStep(int Probes, double Recall);
