using System.Diagnostics;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;

namespace Tessera.Colors.Collections;

/// <summary>
/// Finds the best of some candidates: bounds all of them from below, takes them by rising bound, and stops where the bound says
/// that no other can be better. One for each search.
/// </summary>
internal sealed class Reranker
{
    private readonly PartialTransport _transport;
    private readonly CollectionState _state;
    private readonly TransportQuery _query;
    private readonly (Nearness Nearness, float Most)[] _exclusions;
    private readonly ColorSearchOptions _options;
    private readonly List<(double Distance, long Id, int Row)> _best;

    public Reranker(CollectionState state, TransportQuery query, IReadOnlyList<ColorExclusion> exclusions, ColorSearchOptions options, PartialTransport transport)
    {
        (_state, _query, _options, _transport) = (state, query, options, transport);
        _exclusions = [.. exclusions.Select(exclusion => (new Nearness(exclusion.Color), exclusion.MostShare + 1e-4f))];
        _best = new List<(double, long, int)>(options.K + 1);
        transport.Cuts.Clear();
    }

    /// <summary>The best so far, the best first.</summary>
    public IReadOnlyList<(double Distance, long Id, int Row)> Best => _best;

    /// <summary>Images whose transport was solved.</summary>
    public long Measured { get; private set; }

    /// <summary>Stopwatch ticks spent on bounds.</summary>
    public long BoundTicks { get; private set; }

    /// <summary>Stopwatch ticks spent on transport.</summary>
    public long TransportTicks { get; private set; }

    private bool IsFull => _best.Count == _options.K;

    /// <summary>Takes in candidates.</summary>
    /// <param name="rows">Their rows; reordered.</param>
    /// <param name="bounds">Room for as many numbers.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <returns>Whether any of them is among the best.</returns>
    public bool Take(Span<int> rows, Span<float> bounds, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < rows.Length; i++)
        {
            if (i % 1024 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<uint> entries = _state.EntriesOf(rows[i]).Span;
            bounds[i] = IsExcluded(entries) ? float.PositiveInfinity : (float)(_transport.ColorBound(_query, entries) + PartialTransport.Excess(_query, entries));
        }

        bounds.Sort(rows);
        long bounded = Stopwatch.GetTimestamp();
        BoundTicks += bounded - start;
        bool changed = false;
        for (int i = 0; i < rows.Length && bounds[i] < float.PositiveInfinity && !(IsFull && bounds[i] > _best[^1].Distance); i++)
        {
            if (i % 64 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            changed |= Measure(rows[i]);
        }

        TransportTicks += Stopwatch.GetTimestamp() - bounded;
        return changed;
    }

    private bool IsFarther(ReadOnlySpan<uint> entries, double distance) =>
        _transport.Cuts.RuleOut(_query, entries, distance) || _transport.NodeBound(_query, entries) > distance;

    private bool IsExcluded(ReadOnlySpan<uint> entries)
    {
        foreach (var (nearness, most) in _exclusions)
        {
            if (nearness.ShareOf(entries) > most)
                return true;
        }

        return false;
    }

    private bool Measure(int row)
    {
        ReadOnlySpan<uint> entries = _state.EntriesOf(row).Span;
        double excess = PartialTransport.Excess(_query, entries);
        if (IsFull && IsFarther(entries, _best[^1].Distance - excess))
            return false;
        Measured++;
        double distance = _options.Method == RerankMethod.Sinkhorn
            ? _transport.Approximate(_query, entries, _options.Sinkhorn)
            : _transport.Exact(_query, entries, IsFull ? _best[^1].Distance - excess : double.PositiveInfinity);
        var answer = (Math.Max(0, distance) + excess, _state.Columns.Ids[row], row);
        if (IsFull && answer.CompareTo(_best[^1]) >= 0)
            return false;
        if (IsFull)
            _best.RemoveAt(_best.Count - 1);
        int at = _best.BinarySearch(answer);
        _best.Insert(at < 0 ? ~at : at, answer);
        return true;
    }
}
