namespace Tessera.Colors.Evaluation;

/// <summary>How good searches of a kind are, and how long they take.</summary>
/// <param name="Kind">What was asked for.</param>
/// <param name="Queries">How many queries.</param>
/// <param name="Recall">Share of the answers that are no farther than the last of the true ones, 0 to 1; not a number where no oracle was asked.</param>
/// <param name="MedianMilliseconds">Time that half of the searches took at most, on one thread.</param>
/// <param name="P95Milliseconds">Time that 95% of them took at most.</param>
/// <param name="MedianProcessorMilliseconds">Processor time that half of the searches took at most: what they would take on a machine with nothing else to do.</param>
/// <param name="P95ProcessorMilliseconds">Processor time that 95% of them took at most.</param>
/// <param name="MeanCandidates">Images that a search looked at.</param>
/// <param name="MeanMeasured">Images whose transport it solved.</param>
public sealed record SearchFigures(string Kind, int Queries, double Recall, double MedianMilliseconds, double P95Milliseconds, double MedianProcessorMilliseconds, double P95ProcessorMilliseconds, double MeanCandidates, double MeanMeasured);
