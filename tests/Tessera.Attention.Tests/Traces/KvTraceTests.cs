using Tessera.Attention.Configuration;
using Tessera.Attention.Traces;

namespace Tessera.Attention.Tests.Traces;

public sealed class KvTraceTests
{
    [Fact]
    public void A_trace_depends_on_its_seed_alone()
    {
        var options = new KvTraceOptions { Tokens = 200, KeyHeads = 2, QueryHeads = 4, Dimension = 16 };
        KvTrace one = KvTrace.Create(options), same = KvTrace.Create(options), other = KvTrace.Create(options with { Seed = 1 });

        Assert.Equal(one.Keys[1].Span.ToArray(), same.Keys[1].Span.ToArray());
        Assert.Equal(one.Queries[3].Span.ToArray(), same.Queries[3].Span.ToArray());
        Assert.NotEqual(one.Keys[1].Span.ToArray(), other.Keys[1].Span.ToArray());
    }

    [Fact]
    public void Aggregation_needs_the_tail_ten_times_as_much_as_top_k_errs()
    {
        (double tail, double topK) = Errors(TraceKind.Aggregation, 8192, 0.1);

        Assert.InRange(tail, 0, topK / 10);
    }

    [Fact]
    public void A_needle_is_found_within_a_tenth_of_the_keys()
    {
        (double tail, _) = Errors(TraceKind.Needle, 8192, 0.1);

        Assert.InRange(tail, 0, 0.05);
    }

    [Fact]
    public void Structure_is_found_where_there_is_some()
    {
        (double tail, double topK) = Errors(TraceKind.Structured, 8192, 0.15);

        Assert.InRange(tail, 0, 0.05);
        Assert.InRange(tail, 0, topK);
    }

    private static (double Tail, double TopK) Errors(TraceKind kind, int tokens, double share)
    {
        KvTrace trace = KvTrace.Create(new KvTraceOptions { Tokens = tokens, Kind = kind, KeyHeads = 2, QueryHeads = 8, Dimension = 64, Queries = 2 });
        using var cache = new HiraCache(new KMeansIndexConfig { BranchingFactor = 32, MaxIterations = 10 });
        trace.AddTo(cache, 0, 0, tokens);
        double Error(bool hasTail)
        {
            double sum = 0;
            var dense = new float[8 * 64];
            var output = new float[8 * 64];
            for (int query = 0; query < 2; query++)
            {
                var queries = new HeadTensor(trace.QueriesAt(query), 1, 8, 1, 64);
                cache.Attend(queries, 0, dense, AttendOptions.Dense);
                cache.Attend(queries, 0, output, new AttendOptions { Mode = AttentionMode.Budgeted, KeyShare = share, TailEstimate = hasTail });
                for (int head = 0; head < 8; head++)
                {
                    double[] truth = [.. dense.AsSpan(head * 64, 64).ToArray().Select(number => (double)number)];
                    sum += Made.Distance(output.AsSpan(head * 64, 64), truth) / Made.Length(truth);
                }
            }

            return sum / 16;
        }

        return (Error(true), Error(false));
    }
}
