namespace Tessera.Colors.Indexes;

/// <summary>A line of the table that <see cref="AnnTuning"/> makes.</summary>
/// <param name="Config">The settings.</param>
/// <param name="Recall">Share of the true nearest that were among the candidates, 0 to 1.</param>
/// <param name="MeanMilliseconds">Mean time of a search on one thread.</param>
/// <param name="MeasuredBytes">Memory of the index, everything included.</param>
public sealed record AnnSetting(ColorConfig Config, double Recall, double MeanMilliseconds, long MeasuredBytes);
