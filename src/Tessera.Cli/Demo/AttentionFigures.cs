using System.Diagnostics;
using Tessera.Attention;
using Tessera.Attention.Configuration;
using Tessera.Attention.Traces;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Demo;

/// <summary>Attention of one token over a made-up KV cache, dense and within a budget, measured on the spot.</summary>
/// <param name="Tokens">Tokens in the cache.</param>
/// <param name="DenseMs">Milliseconds of dense attention.</param>
/// <param name="BudgetMs">Milliseconds within the budget.</param>
/// <param name="CandidateShare">Keys and means scored within the budget, as a share of the keys.</param>
/// <param name="Error">Relative L2 error of the output, on average over the heads.</param>
internal sealed record AttentionFigures(int Tokens, double DenseMs, double BudgetMs, double CandidateShare, double Error)
{
    private const int Cached = 16384, Heads = 8, Dimension = 64;

    public static AttentionFigures Measure(ulong seed, CancellationToken cancellationToken)
    {
        KvTrace trace = KvTrace.Create(new KvTraceOptions { Tokens = Cached, KeyHeads = 2, QueryHeads = Heads, Dimension = Dimension, Queries = 1, Seed = seed }, cancellationToken);
        using var cache = new HiraCache(new KMeansIndexConfig { MaxIterations = 8 });
        trace.AddTo(cache, 0, 0, Cached);
        float[] dense = new float[Heads * Dimension], output = new float[Heads * Dimension];
        var reports = new HeadReport[Heads];
        double denseMs = Median(cache, trace, dense, AttendOptions.Dense, reports);
        double budgetMs = Median(cache, trace, output, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = 0.1 }, reports);
        double error = Enumerable.Range(0, Heads).Average(head => RelativeError(dense.AsSpan(head * Dimension, Dimension), output.AsSpan(head * Dimension, Dimension)));
        return new AttentionFigures(
            Cached, Figures.Significant(denseMs, 3), Figures.Significant(budgetMs, 3), Math.Round(reports.Average(report => report.CandidateShare), 4), Figures.Significant(error, 3));
    }

    private static double Median(HiraCache cache, KvTrace trace, float[] output, AttendOptions options, HeadReport[] reports)
    {
        float[] queries = trace.QueriesAt(0);
        var times = new List<double>();
        for (int i = 0; i < 9; i++)
        {
            long start = Stopwatch.GetTimestamp();
            cache.Attend(new HeadTensor(queries, 1, Heads, 1, Dimension), 0, output, options, reports);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times.Order().ElementAt(4);
    }

    private static double RelativeError(ReadOnlySpan<float> expected, ReadOnlySpan<float> output)
    {
        double error = 0, length = 0;
        for (int d = 0; d < expected.Length; d++)
        {
            error += Math.Pow(output[d] - expected[d], 2);
            length += Math.Pow(expected[d], 2);
        }

        return Math.Sqrt(error / length);
    }
}
