namespace Tessera.Cli.Index;

/// <summary>What <c>index tune</c> prints for a file of vectors: the specification proposed, and all that were tried.</summary>
internal sealed record SpecificationResult(
    int K, int Queries, int Vectors, double Target, double? Memory, bool Reached, SpecificationRow? Best, IReadOnlyList<SpecificationRow> Trials);
