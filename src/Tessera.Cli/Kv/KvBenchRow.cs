namespace Tessera.Cli.Kv;

/// <summary>One way of attention at one length of the cache.</summary>
/// <param name="Tokens">Tokens in the cache.</param>
/// <param name="Method">dense, budgeted, topk (budgeted without the tail), certified, quantized, window, pages or oracle.</param>
/// <param name="Budget">Share of the keys that was allowed; null where there is no limit.</param>
/// <param name="AttendMs">
/// Median milliseconds of one token's attention in one layer. Of pages with the scoring of their bounds and the choice, without
/// making the bounds; of the oracle without the choice. Null for window, pages and oracle when the cache runs on several
/// threads, since they run on one.
/// </param>
/// <param name="Speedup">Dense attention's time over this.</param>
/// <param name="CandidateShare">Keys, means and bounds that were scored, as a share of the keys.</param>
/// <param name="MassRecall">Share of the attention that the scored keys have, on average over heads and queries.</param>
/// <param name="Error">Relative L2 error of the output against dense attention, on average over heads and queries.</param>
/// <param name="P99Error">Its 99th percentile.</param>
/// <param name="WorstHeadError">The mean error of the worst head.</param>
internal sealed record KvBenchRow(
    int Tokens, string Method, double? Budget, double? AttendMs, double? Speedup, double CandidateShare, double MassRecall, double Error, double P99Error, double WorstHeadError);
