namespace Tessera.Search;

/// <summary>What <see cref="SpecificationTuner"/> found.</summary>
/// <param name="Reached">Whether <paramref name="Best"/> reaches the recall within the memory.</param>
/// <param name="Best">The fastest that reaches the recall within the memory; where none does, the one of the highest recall within it; null where not even that fits.</param>
/// <param name="Trials">All trials, in order: first of all specifications on the subset, then of the best on all vectors.</param>
public sealed record SpecificationTuning(bool Reached, SpecificationTrial? Best, IReadOnlyList<SpecificationTrial> Trials);
