namespace Tessera.Cli.Index;

/// <summary>What <c>index search</c> prints; the results only when they are few or asked for.</summary>
internal sealed record SearchResult(long Queries, int K, double Qps, IReadOnlyList<SearchAnswer[]>? Results);
