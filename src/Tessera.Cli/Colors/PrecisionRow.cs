namespace Tessera.Cli.Colors;

/// <summary>How many of the first ten are right.</summary>
internal sealed record PrecisionRow(string Asked, int Queries, double Precision);
