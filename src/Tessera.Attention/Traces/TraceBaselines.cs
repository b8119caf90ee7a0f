using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Attention.Traces;

/// <summary>
/// Other ways of choosing keys, for comparison at equal numbers of things scored: each attends exactly to the keys that it
/// chooses and leaves out all others. Written for their answers, not for speed.
/// </summary>
public static class TraceBaselines
{
    private const int Sinks = 4;

    /// <summary>The first four and the latest keys (StreamingLLM).</summary>
    public static TraceAnswer SinksAndWindow(KvTrace trace, int queryHead, int query, int budget)
    {
        ArgumentNullException.ThrowIfNull(trace);
        int tokens = trace.Tokens;
        return Attend(trace, queryHead, query, [.. Enumerable.Range(0, tokens).Where(token => token < Sinks || token >= tokens - (budget - Sinks))], 0);
    }

    /// <summary>The pages whose least and largest numbers allow the largest score (Quest, 2024); a page's bound counts as one thing scored.</summary>
    public static TraceAnswer Pages(KvTrace trace, int queryHead, int query, int budget, int pageSize = 16)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Matrix keys = Keys(trace, queryHead);
        ReadOnlySpan<float> q = trace.Queries[queryHead][query];
        int pages = (keys.Rows + pageSize - 1) / pageSize;
        var bounds = new float[pages];
        for (int page = 0; page < pages; page++)
        {
            int first = page * pageSize, count = Math.Min(pageSize, keys.Rows - first);
            for (int d = 0; d < q.Length; d++)
            {
                float least = float.PositiveInfinity, most = float.NegativeInfinity;
                for (int i = first; i < first + count; i++)
                {
                    float number = keys.Span[i * keys.Dimension + d];
                    (least, most) = (Math.Min(least, number), Math.Max(most, number));
                }

                bounds[page] += Math.Max(q[d] * least, q[d] * most);
            }
        }

        int[] best = [.. Enumerable.Range(0, pages).OrderByDescending(page => bounds[page]).Take(Math.Max(1, (budget - pages) / pageSize))];
        return Attend(trace, queryHead, query, [.. best.SelectMany(page => Enumerable.Range(page * pageSize, Math.Min(pageSize, keys.Rows - page * pageSize))).Order()], pages);
    }

    /// <summary>The keys with the largest scores, as if somebody knew them without looking.</summary>
    public static TraceAnswer OracleTopK(KvTrace trace, int queryHead, int query, int budget)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Matrix keys = Keys(trace, queryHead);
        var scores = new float[keys.Rows];
        Distance.Dots(trace.Queries[queryHead][query], keys.Span, scores);
        int[] order = [.. Enumerable.Range(0, keys.Rows)];
        Array.Sort(scores, order);
        return Attend(trace, queryHead, query, [.. order.TakeLast(budget).Order()], 0);
    }

    private static Matrix Keys(KvTrace trace, int queryHead) => trace.Keys[queryHead / (trace.QueryHeads / trace.KeyHeads)];

    private static TraceAnswer Attend(KvTrace trace, int queryHead, int query, int[] chosen, int others)
    {
        Matrix keys = Keys(trace, queryHead).Select(chosen), values = trace.Values[queryHead / (trace.QueryHeads / trace.KeyHeads)];
        var scores = new float[keys.Rows];
        Distance.Dots(trace.Queries[queryHead][query], keys.Span, scores);
        double scale = 1 / Math.Sqrt(trace.Dimension), largest = scores.Length == 0 ? 0 : scores.Max() * scale, sum = 0;
        var output = new double[trace.Dimension];
        for (int i = 0; i < chosen.Length; i++)
        {
            double weight = Math.Exp(scores[i] * scale - largest);
            sum += weight;
            ReadOnlySpan<float> value = values[chosen[i]];
            for (int d = 0; d < output.Length; d++)
                output[d] += weight * value[d];
        }

        return new TraceAnswer([.. output.Select(number => (float)(number / sum))], chosen.Length + others, largest + Math.Log(sum));
    }
}
