namespace Tessera.Cli.Cluster;

/// <summary>What <c>cluster --method mixture</c> prints.</summary>
internal sealed record MixtureResult(int K, int Iterations, double LogLikelihood, double Bic, double Seconds, IReadOnlyList<MixtureRow> Candidates);
