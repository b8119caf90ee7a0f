namespace Tessera.Attention;

/// <summary>What it took to attend with one query head, and how far off the output can be.</summary>
/// <param name="Mode">Dense, Certified, Budgeted or Quantized: Auto says what it chose.</param>
/// <param name="Keys">Keys in the cache for this head.</param>
/// <param name="KeysScored">Keys that were scored exactly.</param>
/// <param name="ClustersScored">Clusters whose means were scored.</param>
/// <param name="ErrorBound">
/// The L2 distance of this output from that of exact attention over the keys as they are kept is at most this; NaN where no
/// certificate was asked for.
/// </param>
/// <param name="LogWeight">
/// The natural logarithm of the sum of e^score over the keys that were scored: the difference from the same figure of dense
/// attention says how much of the attention they have.
/// </param>
public readonly record struct HeadReport(AttentionMode Mode, int Keys, int KeysScored, int ClustersScored, double ErrorBound, double LogWeight)
{
    /// <summary>Keys and means scored, as a share of the keys.</summary>
    public double CandidateShare => Keys == 0 ? 0 : (double)(KeysScored + ClustersScored) / Keys;
}
