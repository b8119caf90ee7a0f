using Tessera.Attention.Configuration;
using Tessera.Attention.Traces;

namespace Tessera.Attention.Tests.Traces;

public sealed class TraceBaselinesTests : IDisposable
{
    private const int Tokens = 1003, Heads = 8;

    private readonly KvTrace _trace;
    private readonly TraceBaselines _baselines;
    private readonly float[] _dense;
    private readonly HeadReport[] _denseReports = new HeadReport[Heads];

    public TraceBaselinesTests()
    {
        // A dimension that needs padding and a length that leaves a short last page.
        _trace = KvTrace.Create(new KvTraceOptions { Tokens = Tokens, KeyHeads = 2, QueryHeads = Heads, Dimension = 24, Queries = 2 });
        _baselines = new TraceBaselines(_trace);
        _dense = new float[Heads * _trace.Dimension];
        using var cache = new HiraCache(new KMeansIndexConfig { NumLevels = 1 });
        _trace.AddTo(cache, 0, 0, Tokens);
        cache.Attend(new HeadTensor(_trace.QueriesAt(1), 1, Heads, 1, _trace.Dimension), 0, _dense, AttendOptions.Dense, _denseReports);
    }

    [Fact]
    public void With_all_keys_each_of_them_is_dense_attention()
    {
        foreach (Func<int, (float[], HeadReport[])> way in (Func<int, (float[], HeadReport[])>[])[Window, Pages, Oracle])
        {
            (float[] output, HeadReport[] reports) = way(2 * Tokens);
            for (int i = 0; i < output.Length; i++)
                Assert.Equal(_dense[i], output[i], 1e-5f);
            Assert.All(reports, report => Assert.Equal(Tokens, report.KeysScored));
            for (int head = 0; head < Heads; head++)
                Assert.Equal(_denseReports[head].LogWeight, reports[head].LogWeight, 1e-4);
        }
    }

    [Fact]
    public void Nothing_has_more_of_the_attention_than_the_oracle_and_budgets_are_kept()
    {
        const int Budget = 200;
        (_, HeadReport[] window) = Window(Budget);
        (_, HeadReport[] pages) = Pages(Budget);
        (_, HeadReport[] oracle) = Oracle(Budget);
        for (int head = 0; head < Heads; head++)
        {
            Assert.Equal((Budget, Budget), (window[head].KeysScored, oracle[head].KeysScored));
            Assert.Equal(63, pages[head].ClustersScored);
            Assert.InRange(pages[head].KeysScored + pages[head].ClustersScored, Budget - 32, Budget);
            Assert.True(oracle[head].LogWeight >= Math.Max(window[head].LogWeight, pages[head].LogWeight));
        }
    }

    [Fact]
    public void Pages_are_chosen_by_the_most_that_their_keys_could_score()
    {
        (_, HeadReport[] reports) = Pages(63 + 10 * 16);
        for (int head = 0; head < Heads; head++)
        {
            ReadOnlySpan<float> query = _trace.Queries[head][1];
            var bounds = new double[63];
            var scores = new double[Tokens];
            for (int page = 0; page < 63; page++)
            {
                for (int d = 0; d < query.Length; d++)
                {
                    float[] numbers = [.. Enumerable.Range(16 * page, Math.Min(16, Tokens - 16 * page)).Select(token => _trace.Keys[head / 4][token][d])];
                    bounds[page] += Math.Max((double)query[d] * numbers.Min(), (double)query[d] * numbers.Max());
                    for (int i = 0; i < numbers.Length; i++)
                        scores[16 * page + i] += query[d] * numbers[i] / Math.Sqrt(_trace.Dimension);
                }
            }

            int[] best = [.. Enumerable.Range(0, 63).OrderByDescending(page => bounds[page]).Take(10)];
            double weight = Enumerable.Range(0, Tokens).Where(token => best.Contains(token / 16)).Sum(token => Math.Exp(scores[token]));
            Assert.Equal(Math.Log(weight), reports[head].LogWeight, 1e-4);
        }
    }

    public void Dispose() => _baselines.Dispose();

    private (float[], HeadReport[]) Window(int budget) => Run((output, reports) => _baselines.SinksAndWindow(1, budget, output, reports));

    private (float[], HeadReport[]) Pages(int budget) => Run((output, reports) => _baselines.Pages(1, budget, output, reports));

    private (float[], HeadReport[]) Oracle(int budget) => Run((output, reports) => _baselines.OracleTopK(1, budget, output, reports));

    private (float[], HeadReport[]) Run(Func<float[], HeadReport[], double> way)
    {
        var output = new float[_dense.Length];
        var reports = new HeadReport[Heads];
        Assert.True(way(output, reports) > 0);
        return (output, reports);
    }
}
