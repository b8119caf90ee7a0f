using System.Diagnostics;
using Tessera.Attention;
using Tessera.Attention.Configuration;
using Tessera.Attention.Storage;
using Tessera.Attention.Traces;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Kv;

/// <summary>Measures one trace: build, updates, and every way of attention beside dense.</summary>
internal sealed class KvMeasure(KvTrace trace, HiraCacheOptions options, IndexConfig config, int rounds, CancellationToken cancellationToken)
{
    private readonly int _heads = trace.QueryHeads;
    private readonly int _dimension = trace.Dimension;

    /// <summary>Everything about this trace.</summary>
    public (KvBenchLength Length, IReadOnlyList<KvBenchRow> Rows) Run(IReadOnlyList<double> budgets, int updates)
    {
        using var cache = new HiraCache(config, options);
        long start = Stopwatch.GetTimestamp();
        const int Piece = 8192;
        for (int first = 0; first < trace.Tokens; first += Piece)
        {
            cancellationToken.ThrowIfCancellationRequested();
            trace.AddTo(cache, 0, first, Math.Min(Piece, trace.Tokens - first));
        }

        double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (float[][] outputs, double[] logs) = Dense(cache);
        var rows = new List<KvBenchRow>();
        var denseTimes = new List<double>();
        foreach ((string name, double? budget, AttendOptions attend) in Ways(budgets))
            rows.Add(Row(cache, name, budget, (query, output, reports) => Attend(cache, query, output, attend, reports), outputs, logs, denseTimes));
        using (var baselines = new TraceBaselines(trace, cache.Format))
        {
            foreach (double budget in budgets)
            {
                int keys = (int)(budget * trace.Tokens);
                rows.Add(Baseline("window", budget, (query, output, reports) => baselines.SinksAndWindow(query, keys, output, reports)));
                rows.Add(Baseline("pages", budget, (query, output, reports) => baselines.Pages(query, keys, output, reports)));
                rows.Add(Baseline("oracle", budget, (query, output, reports) => baselines.OracleTopK(query, keys, output, reports)));
            }
        }

        double dense = Median(denseTimes);
        rows.Insert(0, new KvBenchRow(trace.Tokens, "dense", null, Milliseconds(dense), 1, 1, 1, 0, 0, 0));
        // The baselines run on one thread: beside a cache that runs on several, their times would say nothing.
        KvBenchRow Baseline(string name, double budget, Func<int, float[], HeadReport[], double> attend)
        {
            KvBenchRow row = Row(cache, name, budget, attend, outputs, logs, denseTimes);
            return options.Threads == 1 ? row : row with { AttendMs = null, Speedup = null };
        }

        long memory = cache.GetCacheInfo().MemoryBytes;
        (double denseRate, double readRate) = Rates(cache);
        double update = Updates(cache, updates);
        return (new KvBenchLength(
            trace.Tokens, Figures.Significant(build, 4), Milliseconds(update), Milliseconds(dense), Figures.Significant(denseRate / 1e9, 4), Figures.Significant(readRate / 1e9, 4), memory), rows);
    }

    /// <summary>Bytes that dense attention and mere reading take in a second, in alternation, over as much memory.</summary>
    private (double Dense, double Read) Rates(HiraCache cache)
    {
        const int Alternations = 15;
        long bytes = 2L * trace.Tokens * trace.KeyHeads * _dimension * (cache.Format == KeyFormat.F32 ? 4 : 2);
        using var rate = new MemoryRate(bytes);
        var output = new float[_heads * _dimension];
        var dense = new List<double>();
        var read = new List<double>();
        for (int i = 0; i < Alternations; i++)
        {
            dense.Add(bytes / Attend(cache, 0, output, AttendOptions.Dense, []));
            read.Add(rate.Measure());
        }

        return (Median(dense), Median(read));
    }

    private IEnumerable<(string Name, double? Budget, AttendOptions Attend)> Ways(IReadOnlyList<double> budgets)
    {
        foreach (double budget in budgets)
        {
            yield return ("budgeted", budget, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = budget });
            yield return ("topk", budget, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = budget, TailEstimate = false });
            if (config is ProductQuantizationIndexConfig)
                yield return ("quantized", budget, new AttendOptions { Mode = AttentionMode.Quantized, KeyShare = budget });
        }

        yield return ("mass 0.9", null, new AttendOptions { Mode = AttentionMode.Budgeted, Mass = 0.9 });
        yield return ("certified", null, new AttendOptions { Mode = AttentionMode.Certified, Tolerance = 0.01 });
    }

    private (float[][] Outputs, double[] Logs) Dense(HiraCache cache)
    {
        var outputs = new float[trace.QueryCount][];
        var logs = new double[trace.QueryCount * _heads];
        var reports = new HeadReport[_heads];
        for (int query = 0; query < trace.QueryCount; query++)
        {
            outputs[query] = new float[_heads * _dimension];
            Attend(cache, query, outputs[query], AttendOptions.Dense, reports);
            for (int head = 0; head < _heads; head++)
                logs[query * _heads + head] = reports[head].LogWeight;
        }

        return (outputs, logs);
    }

    /// <summary>In alternation with dense attention, so that what slows the machine slows both.</summary>
    private KvBenchRow Row(HiraCache cache, string name, double? budget, Func<int, float[], HeadReport[], double> attend, float[][] expected, double[] logs, List<double> denseTimes)
    {
        var output = new float[_heads * _dimension];
        var reports = new HeadReport[_heads];
        var times = new List<double>();
        var dense = new List<double>();
        var tally = new Tally(_heads);
        for (int round = 0; round < rounds; round++)
        {
            for (int query = 0; query < trace.QueryCount; query++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                dense.Add(Attend(cache, query, output, AttendOptions.Dense, reports));
                // The first call after another mode finds other memory in the cache, as a decoder's would.
                times.Add(attend(query, output, reports));
                for (int head = 0; head < _heads && round == 0; head++)
                {
                    tally.Add(
                        head,
                        Error(output.AsSpan(head * _dimension, _dimension), expected[query].AsSpan(head * _dimension, _dimension)),
                        reports[head].CandidateShare,
                        Math.Exp(reports[head].LogWeight - logs[query * _heads + head]));
                }
            }
        }

        denseTimes.AddRange(dense);
        double median = Median(times);
        return tally.Row(trace.Tokens, name, budget, Milliseconds(median), Figures.Significant(Median(dense) / median, 4));
    }

    private double Attend(HiraCache cache, int query, float[] output, AttendOptions attend, HeadReport[] reports)
    {
        float[] queries = trace.QueriesAt(query);
        long start = Stopwatch.GetTimestamp();
        cache.Attend(new HeadTensor(queries, 1, _heads, 1, _dimension), 0, output, attend, reports);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds for one token more, over so many of them.</summary>
    private double Updates(HiraCache cache, int updates)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < updates; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            trace.AddTo(cache, 0, i % trace.Tokens, 1);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / Math.Max(1, updates);
    }

    private static double Error(ReadOnlySpan<float> output, ReadOnlySpan<float> expected)
    {
        double error = 0, length = 0;
        for (int d = 0; d < expected.Length; d++)
        {
            error += ((double)output[d] - expected[d]) * ((double)output[d] - expected[d]);
            length += (double)expected[d] * expected[d];
        }

        return Math.Sqrt(error / length);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Milliseconds(double seconds) => Figures.Significant(1000 * seconds, 4);

    /// <summary>Gathers figures over heads and queries.</summary>
    private sealed class Tally(int heads)
    {
        private readonly List<double>[] _errors = [.. Enumerable.Range(0, heads).Select(_ => new List<double>())];
        private readonly List<double> _shares = [];
        private readonly List<double> _recalls = [];

        public void Add(int head, double error, double share, double recall)
        {
            _errors[head].Add(error);
            _shares.Add(share);
            _recalls.Add(Math.Min(1, recall));
        }

        public KvBenchRow Row(int tokens, string name, double? budget, double milliseconds, double speedup)
        {
            double[] all = [.. _errors.SelectMany(errors => errors).Order()];
            return new KvBenchRow(
                tokens, name, budget, milliseconds, speedup,
                Math.Round(_shares.Average(), 5), Math.Round(_recalls.Average(), 5),
                Figures.Significant(all.Average(), 4), Figures.Significant(all[(int)(0.99 * (all.Length - 1))], 4), Figures.Significant(_errors.Max(errors => errors.Average()), 4));
        }
    }
}
