namespace Tessera.Cli.Ids;

/// <summary>One setting of a sweep, and how good it was.</summary>
internal sealed record SweepRow(string Method, int Levels, int Clusters, double Bits, double FitSeconds, QualityResult Quality);
