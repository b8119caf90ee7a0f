using System.Diagnostics;
using Tessera.Attention.Kernels;
using Tessera.Attention.Storage;
using Tessera.Kernels;

namespace Tessera.Attention.Traces;

/// <summary>
/// Other ways of choosing keys, for comparison at equal numbers of things scored: each attends exactly to the keys that it
/// chooses and leaves out all others. They have the rows, the kernels and the softmax of <see cref="HiraCache"/>, on one thread,
/// and memory of their own, so that their times can stand beside its.
/// </summary>
public sealed unsafe class TraceBaselines : IDisposable
{
    private const int Sinks = 4, PageSize = 16;

    private readonly KvTrace _trace;
    private readonly RowLayout _layout;
    private readonly int _group;
    private readonly int _pages;
    private readonly OnlineSoftmax _softmax = new();
    private readonly AlignedBuffer<byte>[] _rows;
    private readonly AlignedBuffer<float>[] _bounds;
    private readonly AlignedBuffer<byte> _gathered;
    private readonly AlignedBuffer<float> _signed;
    private readonly AlignedBuffer<float> _scores;
    private readonly float[] _ranked;

    /// <summary>Lays out a trace's keys and values, and the bounds of its pages of 16 keys.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="format">How numbers are kept.</param>
    public TraceBaselines(KvTrace trace, KeyFormat format = KeyFormat.F32)
    {
        ArgumentNullException.ThrowIfNull(trace);
        (_trace, _layout, _group) = (trace, new RowLayout(trace.Dimension, format), trace.QueryHeads / trace.KeyHeads);
        _pages = (trace.Tokens + PageSize - 1) / PageSize;
        _rows = new AlignedBuffer<byte>[trace.KeyHeads];
        _bounds = new AlignedBuffer<float>[trace.KeyHeads];
        for (int head = 0; head < trace.KeyHeads; head++)
        {
            _rows[head] = new AlignedBuffer<byte>((long)trace.Tokens * _layout.Pitch);
            _bounds[head] = new AlignedBuffer<float>(2L * _pages * _layout.Stride);
            Lay(head);
        }

        _gathered = new AlignedBuffer<byte>((long)AttentionKernel.Block * _layout.Pitch);
        _signed = new AlignedBuffer<float>(2L * _group * _layout.Stride);
        // Kernels write scores four at a time.
        _scores = new AlignedBuffer<float>((long)_group * (trace.Tokens + 4));
        _ranked = new float[trace.Tokens];
    }

    /// <summary>The first four and the latest keys (StreamingLLM).</summary>
    /// <param name="query">The query of every head.</param>
    /// <param name="budget">Keys for each head.</param>
    /// <param name="output">Receives the outputs of all query heads.</param>
    /// <param name="reports">Receives a report for each query head.</param>
    /// <returns>Seconds for all heads, everything included.</returns>
    public double SinksAndWindow(int query, int budget, Span<float> output, Span<HeadReport> reports)
    {
        int latest = Math.Clamp(budget - Sinks, 0, Math.Max(0, _trace.Tokens - Sinks)), sinks = Math.Min(Sinks, _trace.Tokens);
        long start = Stopwatch.GetTimestamp();
        for (int head = 0; head < _trace.KeyHeads; head++)
        {
            Begin(head * _group, _group, query);
            _softmax.Add(_layout.Kernel, _rows[head].Pointer, sinks);
            _softmax.Add(_layout.Kernel, Row(head, _trace.Tokens - latest), latest);
            for (int g = 0; g < _group; g++)
                Finish(g, head * _group + g, output, reports, sinks + latest, 0);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// The pages whose least and largest numbers allow the largest scores (Quest, 2024), for each query head its own; a page's
    /// bound counts as one thing scored.
    /// </summary>
    /// <inheritdoc cref="SinksAndWindow"/>
    /// <returns>Seconds for all heads: scoring all bounds, choosing pages, and attending to them. Making and keeping the bounds is not in it.</returns>
    public double Pages(int query, int budget, Span<float> output, Span<HeadReport> reports)
    {
        int wanted = Math.Clamp((budget - _pages) / PageSize, 1, _pages);
        long start = Stopwatch.GetTimestamp();
        for (int head = 0; head < _trace.KeyHeads; head++)
        {
            ScorePages(head, query);
            for (int g = 0; g < _group; g++)
            {
                Begin(head * _group + g, 1, query);
                int scored = AddPages(head, new ReadOnlySpan<float>(_scores.Pointer + (long)g * Padded(_pages), _pages), wanted);
                Finish(0, head * _group + g, output, reports, scored, _pages);
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The keys with the largest scores of each query head, as if somebody knew them without looking.</summary>
    /// <inheritdoc cref="SinksAndWindow"/>
    /// <returns>Seconds for all heads: attending to the keys, one here and one there. Finding them is not in it.</returns>
    public double OracleTopK(int query, int budget, Span<float> output, Span<HeadReport> reports)
    {
        long ticks = 0;
        for (int head = 0; head < _trace.QueryHeads; head++)
        {
            int[] chosen = Best(head, query, Math.Clamp(budget, 1, _trace.Tokens));
            long start = Stopwatch.GetTimestamp();
            Begin(head, 1, query);
            int gathered = 0;
            foreach (int token in chosen)
            {
                Buffer.MemoryCopy(Row(head / _group, token), _gathered.Pointer + (long)gathered++ * _layout.Pitch, _layout.Pitch, _layout.Pitch);
                if (gathered < AttentionKernel.Block)
                    continue;
                _softmax.Add(_layout.Kernel, _gathered.Pointer, gathered);
                gathered = 0;
            }

            _softmax.Add(_layout.Kernel, _gathered.Pointer, gathered);
            Finish(0, head, output, reports, chosen.Length, 0);
            ticks += Stopwatch.GetTimestamp() - start;
        }

        return (double)ticks / Stopwatch.Frequency;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _softmax.Dispose();
        _gathered.Dispose();
        _signed.Dispose();
        _scores.Dispose();
        foreach (AlignedBuffer<byte> rows in _rows)
            rows.Dispose();
        foreach (AlignedBuffer<float> bounds in _bounds)
            bounds.Dispose();
    }

    /// <summary>The largest numbers of each page's keys, and behind them the least.</summary>
    private void Lay(int head)
    {
        int stride = _layout.Stride;
        _bounds[head].Span.Clear();
        for (int token = 0; token < _trace.Tokens; token++)
        {
            ReadOnlySpan<float> key = _trace.Keys[head][token];
            _layout.Write(Row(head, token), key);
            _layout.Write(Row(head, token) + _layout.Half, _trace.Values[head][token]);
            float* most = _bounds[head].Pointer + 2L * (token / PageSize) * stride, least = most + stride;
            for (int d = 0; d < key.Length; d++)
                (most[d], least[d]) = token % PageSize == 0 ? (key[d], key[d]) : (MathF.Max(most[d], key[d]), MathF.Min(least[d], key[d]));
        }
    }

    /// <summary>A page's bound is one product: of the largest numbers with what of the query is above zero, and of the least with what is below.</summary>
    private void ScorePages(int head, int query)
    {
        int stride = _layout.Stride;
        _signed.Span.Clear();
        for (int g = 0; g < _group; g++)
        {
            ReadOnlySpan<float> numbers = _trace.Queries[head * _group + g][query];
            float* signed = _signed.Pointer + 2L * g * stride;
            for (int d = 0; d < numbers.Length; d++)
                (signed[d], signed[stride + d]) = (MathF.Max(numbers[d], 0), MathF.Min(numbers[d], 0));
        }

        AttentionKernel.For(KeyFormat.F32).Scores(
            _signed.Pointer, _group, 2 * stride, (byte*)_bounds[head].Pointer, 2 * stride * sizeof(float), _pages, _scores.Pointer, Padded(_pages));
    }

    private int AddPages(int head, ReadOnlySpan<float> bounds, int wanted)
    {
        bounds.CopyTo(_ranked);
        float threshold = Largest(_ranked.AsSpan(0, bounds.Length), wanted);
        int above = 0, scored = 0;
        foreach (float bound in bounds)
            above += bound > threshold ? 1 : 0;
        // Of equal bounds the first ones.
        int equal = wanted - above, start = 0, count = 0;
        for (int page = 0; page < bounds.Length; page++)
        {
            if (bounds[page] < threshold || (bounds[page] == threshold && equal-- <= 0))
                continue;
            // Neighbours together.
            if (start + count != page * PageSize)
            {
                _softmax.Add(_layout.Kernel, Row(head, start), count);
                (start, count) = (page * PageSize, 0);
            }

            int keys = Math.Min(PageSize, _trace.Tokens - page * PageSize);
            count += keys;
            scored += keys;
        }

        _softmax.Add(_layout.Kernel, Row(head, start), count);
        return scored;
    }

    /// <summary>The number that comes at a rank, 1 for the largest; reorders them (Hoare's selection).</summary>
    private static float Largest(Span<float> numbers, int rank)
    {
        int low = 0, high = numbers.Length - 1, wanted = rank - 1;
        while (low < high)
        {
            float pivot = numbers[(low + high) / 2];
            int i = low, j = high;
            while (i <= j)
            {
                while (numbers[i] > pivot)
                    i++;
                while (numbers[j] < pivot)
                    j--;
                if (i > j)
                    break;
                (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                i++;
                j--;
            }

            if (wanted <= j)
                high = j;
            else if (wanted >= i)
                low = i;
            else
                break;
        }

        return numbers[wanted];
    }

    private int[] Best(int queryHead, int query, int count)
    {
        var scores = new float[_trace.Tokens];
        Distance.Dots(_trace.Queries[queryHead][query], _trace.Keys[queryHead / _group].Span, scores);
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort(scores, order);
        return [.. order.TakeLast(count).Order()];
    }

    private void Begin(int head, int group, int query)
    {
        _softmax.Begin(group, _layout.Stride);
        float scale = 1 / MathF.Sqrt(_trace.Dimension);
        for (int g = 0; g < group; g++)
        {
            ReadOnlySpan<float> numbers = _trace.Queries[head + g][query];
            for (int d = 0; d < numbers.Length; d++)
                _softmax.Queries[g * _softmax.Stride + d] = numbers[d] * scale;
        }
    }

    private void Finish(int g, int head, Span<float> output, Span<HeadReport> reports, int keys, int bounds)
    {
        _softmax.Finish(g, output.Slice(head * _trace.Dimension, _trace.Dimension));
        reports[head] = new HeadReport(AttentionMode.Budgeted, _trace.Tokens, keys, bounds, double.NaN, _softmax.Largest[g] + Math.Log(_softmax.Weights[g]));
    }

    private byte* Row(int head, int token) => _rows[head].Pointer + (long)token * _layout.Pitch;

    private static int Padded(int count) => (count + 3) / 4 * 4;
}
