namespace Tessera.Cli.Cluster;

/// <summary>One number of components that was tried.</summary>
internal sealed record MixtureRow(int K, double LogLikelihood, double Bic);
