namespace Tessera.Search;

/// <summary>What the tuner found.</summary>
/// <param name="Reached">Whether the target was reached.</param>
/// <param name="Best">The cheapest setting that reaches the target, measured; where none does, the cheapest of those with the highest recall seen.</param>
/// <param name="Steps">All settings tried, in order.</param>
public sealed record TuningResult(bool Reached, Evaluation Best, IReadOnlyList<TuningStep> Steps);
