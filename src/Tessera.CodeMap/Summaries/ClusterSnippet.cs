namespace Tessera.CodeMap.Summaries;

/// <summary>One member of a cluster.</summary>
/// <param name="Name">Its name, or its label where it is a cluster.</param>
/// <param name="Documentation">What the comment above it says; empty for a cluster.</param>
/// <param name="Text">Its source, or its summary where it is a cluster.</param>
public sealed record ClusterSnippet(string Name, string Documentation, string Text);
