namespace Tessera.Clustering;

/// <summary>One number of components that was tried.</summary>
/// <param name="Components">Components.</param>
/// <param name="LogLikelihood">Mean log-likelihood of a vector.</param>
/// <param name="Bic">Bayesian information criterion, -2 n L + p ln n for n vectors of mean log-likelihood L and p parameters: the lower the better.</param>
public readonly record struct MixtureCandidate(int Components, double LogLikelihood, double Bic);
