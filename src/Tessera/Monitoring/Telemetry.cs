using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Tessera.Indexes;

namespace Tessera.Monitoring;

/// <summary>The instruments. What is measured on the way of a query is guarded by one look at whether anybody listens.</summary>
internal static class Telemetry
{
    /// <summary>All indexes into which something was added or that were opened, without keeping them alive.</summary>
    private static readonly ConditionalWeakTable<VectorIndex, object> Indexes = [];

    private static readonly ConditionalWeakTable<RecallMonitor, object> Monitors = [];

    private static readonly Meter Meter = new(TesseraDiagnostics.MeterName, typeof(Telemetry).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Queries = Meter.CreateCounter<long>(TesseraDiagnostics.Queries, "{query}", "Queries answered.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        TesseraDiagnostics.Duration, "s", "Time of a call of Search.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> Probes = Meter.CreateCounter<long>(TesseraDiagnostics.Probes, "{list}", "Lists of inverted files visited.");

    private static readonly Counter<long> Scanned = Meter.CreateCounter<long>(TesseraDiagnostics.Scanned, "{vector}", "Codes or vectors of the lists visited.");

    private static readonly Counter<long> Reranked = Meter.CreateCounter<long>(TesseraDiagnostics.Reranked, "{vector}", "Candidates ranked again by whole vectors.");

    static Telemetry()
    {
        Meter.CreateObservableGauge(TesseraDiagnostics.Vectors, () => Sums(index => index.Count), "{vector}", "Vectors that searches can find.");
        Meter.CreateObservableGauge(TesseraDiagnostics.Removed, () => Sums(index => index.RemovedCount), "{vector}", "Vectors removed that still take space.");
        Meter.CreateObservableGauge(TesseraDiagnostics.Memory, () => Sums(index => index.Memory.MeasuredBytes), "By", "Memory of the indexes.");
        Meter.CreateObservableGauge(TesseraDiagnostics.Recall, Recalls, "1", "Recall of sampled queries against exact search.");
    }

    public static ActivitySource Source { get; } = new(TesseraDiagnostics.ActivitySourceName);

    /// <summary>Whether anybody wants to know of searches.</summary>
    public static bool WatchesSearches => Queries.Enabled || Duration.Enabled || Source.HasListeners();

    /// <summary>Whether anybody wants to know what searches look at.</summary>
    public static bool CountsScans => Scanned.Enabled || Probes.Enabled || Reranked.Enabled;

    /// <summary>Has the gauges tell of an index from now on; once is enough.</summary>
    public static void Register(VectorIndex index) => Indexes.TryAdd(index, index.GetType());

    public static void Unregister(VectorIndex index) => Indexes.Remove(index);

    public static void Register(RecallMonitor monitor) => Monitors.AddOrUpdate(monitor, monitor.GetType());

    public static void Unregister(RecallMonitor monitor) => Monitors.Remove(monitor);

    /// <summary>Starts an activity about an index; null when nobody listens.</summary>
    public static Activity? Start(string name, VectorIndex index) =>
        Source.HasListeners() ? Source.StartActivity(name)?.SetTag(TesseraDiagnostics.IndexKind, index.KindName).SetTag("tessera.index.specification", index.Specification) : null;

    /// <summary>Reports a call of Search that has ended.</summary>
    /// <param name="index">The index.</param>
    /// <param name="queries">Queries of the call.</param>
    /// <param name="start">The timestamp before it.</param>
    public static void Searched(VectorIndex index, int queries, long start)
    {
        var kind = new KeyValuePair<string, object?>(TesseraDiagnostics.IndexKind, index.KindName);
        Queries.Add(queries, kind);
        Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, kind);
    }

    /// <summary>Reports what searches looked at.</summary>
    /// <param name="index">The index.</param>
    /// <param name="probes">Lists visited.</param>
    /// <param name="scanned">Codes or vectors in them.</param>
    /// <param name="reranked">Candidates ranked again.</param>
    public static void Looked(VectorIndex index, long probes, long scanned, long reranked)
    {
        var kind = new KeyValuePair<string, object?>(TesseraDiagnostics.IndexKind, index.KindName);
        if (probes > 0)
            Probes.Add(probes, kind);
        if (scanned > 0)
            Scanned.Add(scanned, kind);
        if (reranked > 0)
            Reranked.Add(reranked, kind);
    }

    private static IEnumerable<Measurement<long>> Sums(Func<VectorIndex, long> number) =>
        Indexes.Select(pair => pair.Key).GroupBy(index => index.KindName)
            .Select(group => new Measurement<long>(group.Sum(index => Read(index, number)), new KeyValuePair<string, object?>(TesseraDiagnostics.IndexKind, group.Key)));

    /// <summary>An index that is being disposed of at this moment has nothing any more, and does not keep the others from being told of.</summary>
    private static long Read(VectorIndex index, Func<VectorIndex, long> number)
    {
        try
        {
            return number(index);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Of several monitors of a kind, the recall of all their queries.</summary>
    private static IEnumerable<Measurement<double>> Recalls() =>
        Monitors.Select(pair => pair.Key).Where(monitor => monitor.Checked > 0).GroupBy(monitor => monitor.Index.KindName)
            .Select(group => new Measurement<double>(group.Average(monitor => monitor.Recall), new KeyValuePair<string, object?>(TesseraDiagnostics.IndexKind, group.Key)));
}
