namespace Tessera.Search;

/// <summary>What an index does at one setting.</summary>
/// <param name="Setting">The value of the index's <see cref="Indexes.VectorIndex.Knob"/>: lists visited, or the length of the beam; 1 for an index that has none.</param>
/// <param name="Recall">Mean k-recall@k, 0 to 1.</param>
/// <param name="QueriesPerSecond">Throughput: the median over the timed passes.</param>
/// <param name="P50Milliseconds">The time that half of the calls stayed within; a call is one query unless a batch size was given.</param>
/// <param name="P99Milliseconds">The time that 99% of the calls stayed within.</param>
public sealed record Evaluation(int Setting, double Recall, double QueriesPerSecond, double P50Milliseconds, double P99Milliseconds);
