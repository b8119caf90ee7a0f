namespace Tessera.Search;

/// <summary>One setting that the tuner tried.</summary>
/// <param name="Setting">The value of the index's <see cref="Indexes.VectorIndex.Knob"/>.</param>
/// <param name="Recall">Mean k-recall@k, 0 to 1.</param>
public readonly record struct TuningStep(int Setting, double Recall);
