namespace Tessera.Colors.Indexes;

/// <summary>What a spot check found.</summary>
/// <param name="Time">When.</param>
/// <param name="Queries">Queries that were searched again exactly.</param>
/// <param name="Recall">Share of the true neighbours that were among the candidates, 0 to 1.</param>
public readonly record struct QualitySample(DateTimeOffset Time, int Queries, double Recall);
