namespace Tessera.Cli.Kv;

/// <summary>What <c>kv bench</c> prints.</summary>
/// <param name="Trace">What was attended to.</param>
/// <param name="KeyHeads">Key heads.</param>
/// <param name="QueryHeads">Query heads.</param>
/// <param name="Dimension">Numbers of a head.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Crossover">The shortest measured length at which some budget with an error of at most 0.01 is faster than dense; null if none is.</param>
/// <param name="Lengths">Build and update.</param>
/// <param name="Rows">Attention.</param>
internal sealed record KvBenchResult(
    string Trace, int KeyHeads, int QueryHeads, int Dimension, int Threads, int? Crossover, IReadOnlyList<KvBenchLength> Lengths, IReadOnlyList<KvBenchRow> Rows);
