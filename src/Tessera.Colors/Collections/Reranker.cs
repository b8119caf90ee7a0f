using System.Diagnostics;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;

namespace Tessera.Colors.Collections;

/// <summary>
/// Finds the best of some candidates: bounds all of them from below, takes them by rising bound, and stops where the bound says
/// that no other can be better. One for each search. Its threads share what is the best so far, so that the answers are the same
/// for any number of them.
/// </summary>
internal sealed class Reranker
{
    /// <summary>Candidates for each thread below which one is as fast.</summary>
    private const int WorthAThread = 64;

    private readonly PartialTransport[] _transports;
    private readonly CollectionState _state;
    private readonly TransportQuery _query;
    private readonly (Nearness Nearness, float Most)[] _exclusions;
    private readonly ColorSearchOptions _options;
    private readonly List<(double Distance, long Id, int Row)> _best;
    private readonly Lock _lock = new();
    private long _measured;
    private double _worst = double.PositiveInfinity;

    /// <param name="state">The images.</param>
    /// <param name="query">What they are measured against.</param>
    /// <param name="exclusions">What they may not have.</param>
    /// <param name="options">How many answers, measured how.</param>
    /// <param name="transports">What each thread measures by.</param>
    public Reranker(CollectionState state, TransportQuery query, IReadOnlyList<ColorExclusion> exclusions, ColorSearchOptions options, PartialTransport[] transports)
    {
        (_state, _query, _options, _transports) = (state, query, options, transports);
        _exclusions = [.. exclusions.Select(exclusion => (new Nearness(exclusion.Color), exclusion.MostShare + 1e-4f))];
        _best = new List<(double, long, int)>(options.K + 1);
        foreach (PartialTransport transport in transports)
            transport.Cuts.Clear();
    }

    /// <summary>The best so far, the best first.</summary>
    public IReadOnlyList<(double Distance, long Id, int Row)> Best => _best;

    /// <summary>Images whose transport was solved.</summary>
    public long Measured => _measured;

    /// <summary>Stopwatch ticks spent on bounds.</summary>
    public long BoundTicks { get; private set; }

    /// <summary>Stopwatch ticks spent on transport.</summary>
    public long TransportTicks { get; private set; }

    /// <summary>Takes in candidates.</summary>
    /// <param name="rows">Their rows; reordered.</param>
    /// <param name="bounds">Room for as many numbers.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <returns>Whether any of them is among the best.</returns>
    public bool Take(Memory<int> rows, Memory<float> bounds, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int threads = Math.Clamp(rows.Length / WorthAThread, 1, _transports.Length);
        OnThreads(threads, thread => Bound(thread, threads, rows.Span, bounds.Span, cancellationToken));
        bounds.Span.Sort(rows.Span);
        long bounded = Stopwatch.GetTimestamp();
        BoundTicks += bounded - start;

        int next = -1;
        (double, long, int)[] before = [.. _best];
        OnThreads(threads, thread =>
        {
            ReadOnlySpan<int> risingRows = rows.Span;
            ReadOnlySpan<float> rising = bounds.Span;
            for (int i = Interlocked.Increment(ref next); i < rising.Length && rising[i] < float.PositiveInfinity && rising[i] <= Volatile.Read(ref _worst); i = Interlocked.Increment(ref next))
            {
                if (i % 64 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                Measure(_transports[thread], risingRows[i]);
            }
        });
        TransportTicks += Stopwatch.GetTimestamp() - bounded;
        return !_best.SequenceEqual(before);
    }

    private static void OnThreads(int threads, Action<int> work)
    {
        if (threads == 1)
            work(0);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
    }

    private void Bound(int thread, int threads, ReadOnlySpan<int> rows, Span<float> bounds, CancellationToken cancellationToken)
    {
        PartialTransport transport = _transports[thread];
        int first = (int)((long)rows.Length * thread / threads), end = (int)((long)rows.Length * (thread + 1) / threads);
        for (int i = first; i < end; i++)
        {
            if (i % 1024 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<uint> entries = _state.EntriesOf(rows[i]).Span;
            bounds[i] = IsExcluded(entries) ? float.PositiveInfinity : (float)(transport.ColorBound(_query, entries) + PartialTransport.Excess(_query, entries));
        }
    }

    private bool IsExcluded(ReadOnlySpan<uint> entries)
    {
        foreach (var (nearness, most) in _exclusions)
        {
            if (nearness.ShareOf(entries) > most)
                return true;
        }

        return false;
    }

    private void Measure(PartialTransport transport, int row)
    {
        ReadOnlySpan<uint> entries = _state.EntriesOf(row).Span;
        double excess = PartialTransport.Excess(_query, entries), enough = Volatile.Read(ref _worst) - excess;
        if (enough < double.PositiveInfinity && (transport.Cuts.RuleOut(_query, entries, enough) || transport.NodeBound(_query, entries) > enough))
            return;
        Interlocked.Increment(ref _measured);
        double distance = _options.Method == RerankMethod.Sinkhorn
            ? transport.Approximate(_query, entries, _options.Sinkhorn)
            : transport.Exact(_query, entries, enough);
        Keep((Math.Max(0, distance) + excess, _state.Columns.Ids[row], row));
    }

    private void Keep((double Distance, long Id, int Row) answer)
    {
        lock (_lock)
        {
            if (_best.Count == _options.K)
            {
                if (answer.CompareTo(_best[^1]) >= 0)
                    return;
                _best.RemoveAt(_best.Count - 1);
            }

            _best.Insert(~_best.BinarySearch(answer), answer);
            if (_best.Count == _options.K)
                Volatile.Write(ref _worst, _best[^1].Distance);
        }
    }
}
