namespace Tessera.CodeMap.Summaries;

/// <summary>What a cluster is about, for a person.</summary>
/// <param name="Label">A few words.</param>
/// <param name="Text">A few sentences.</param>
/// <param name="Source">Who wrote it.</param>
public sealed record ClusterSummary(string Label, string Text, SummarySource Source);
