namespace Tessera.Clustering;

/// <summary>That a vector belongs to a component of a mixture, and how much.</summary>
/// <param name="Vector">Row of the vector.</param>
/// <param name="Component">Number of the component.</param>
/// <param name="Probability">Probability of the component, given the vector.</param>
public readonly record struct MixtureMembership(int Vector, int Component, float Probability);
