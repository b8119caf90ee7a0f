namespace Tessera.Clustering;

/// <summary>What one iteration of expectation maximisation found; reported while it runs and kept in the result.</summary>
/// <param name="Components">Components of the mixture that is fitted.</param>
/// <param name="Run">Number of the run among <see cref="GaussianMixtureOptions.Redo"/>, from 0.</param>
/// <param name="Iteration">Number of the iteration in its run, from 0.</param>
/// <param name="LogLikelihood">Mean log-likelihood of a vector under the mixture before this iteration's step.</param>
public readonly record struct MixtureIteration(int Components, int Run, int Iteration, double LogLikelihood);
