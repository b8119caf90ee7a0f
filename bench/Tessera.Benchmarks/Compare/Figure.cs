using System.Globalization;

namespace Tessera.Benchmarks.Compare;

/// <summary>The measured numbers as a person reads them.</summary>
internal static class Figure
{
    /// <summary>Speed or size of a request that cost so much, in its own unit.</summary>
    public static string Of(Request request, double cost) => request.Task switch
    {
        TaskKind.FlatBatch or TaskKind.IvfSearch or TaskKind.GraphSearch or TaskKind.ScalarScan => Text($"{request.QueryCount / cost:N0} QPS"),
        TaskKind.FlatSingle => Text($"{request.QueryCount / cost:N0} QPS, {BytesPassed(request) / cost / 1e9:0.0} GB/s"),
        TaskKind.IvfSize or TaskKind.GraphSize or TaskKind.GraphMemory => Text($"{cost / 1e6:0.00} MB"),
        _ => Text($"{cost:0.00} s"),
    };

    /// <summary>How many times less Tessera takes, by the medians and, in brackets, from the least to the most of the rounds.</summary>
    public static string Ratio(IReadOnlyList<double> tessera, IReadOnlyList<double> peer)
    {
        double ratio = Clock.Median(peer) / Clock.Median(tessera);
        if (peer.Count == 1)
            return Text($"{ratio:0.00}");
        double[] rounds = [.. peer.Zip(tessera, (theirs, ours) => theirs / ours)];
        return Text($"{ratio:0.00} ({rounds.Min():0.00} to {rounds.Max():0.00})");
    }

    private static double BytesPassed(Request request) => (double)request.QueryCount * request.Data.Base.Span.Length * sizeof(float);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
