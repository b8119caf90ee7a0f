namespace Tessera.Cli.Ids;

/// <summary>What <c>ids fit</c> prints.</summary>
internal sealed record FitResult(int Items, int Dimension, string Method, IReadOnlyList<int> Clusters, double Bits, double FitSeconds);
