namespace Tessera.Clustering;

/// <summary>What choosing the number of components found.</summary>
/// <param name="Best">The mixture of the least Bayesian information criterion.</param>
/// <param name="Candidates">All numbers that were tried, in the order given.</param>
public sealed record MixtureSelection(GaussianMixtureModel Best, IReadOnlyList<MixtureCandidate> Candidates);
