using System.Threading.Channels;
using Tessera.Indexes;
using Tessera.Search;

namespace Tessera.Monitoring;

/// <summary>
/// Watches the recall of an index in use: searches a sampled share of its queries again, exactly, on a thread of its own, and
/// reports how many of the true neighbours had been found. Searches pay for a copy of the queries that are sampled and no more. What is added or removed
/// between a search and its check counts as a miss, so let the share be small where much changes. The mean is also the gauge <see cref="TesseraDiagnostics.Recall"/>.
/// </summary>
public sealed class RecallMonitor : IDisposable
{
    private readonly VectorIndex? _exact;
    private readonly RecallMonitorOptions _options;
    private readonly Channel<Sample> _samples;
    private readonly Task _checking;
    private readonly Lock _lock = new();
    private readonly Queue<double> _recalls = new();
    private long _offered;
    private long _checked;

    /// <summary>Begins to watch; ends when disposed. An index has one monitor at a time.</summary>
    /// <param name="index">The index whose searches are sampled.</param>
    /// <param name="exact">An index of the same vectors under the same ids that finds the true neighbours, such as a <see cref="FlatIndex"/> opened from a file; null where the index itself keeps whole vectors.</param>
    /// <param name="options">Share and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">The indexes have another dimension or metric, or no exact one is given and the index keeps codes only.</exception>
    /// <exception cref="InvalidOperationException">The index is watched already.</exception>
    public RecallMonitor(VectorIndex index, VectorIndex? exact = null, RecallMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        _options = options ?? RecallMonitorOptions.Default;
        _options.Validate();
        if (exact is null && !index.KeepsVectors)
            throw new ArgumentException($"{index.Specification} keeps codes only, which cannot tell the true neighbours; give an exact index of the same vectors.", nameof(exact));
        if (exact is not null && (exact.Dimension != index.Dimension || exact.Metric != index.Metric))
            throw new ArgumentException($"The exact index is of dimension {exact.Dimension} and {exact.Metric}, the other of {index.Dimension} and {index.Metric}; both must be equal.", nameof(exact));
        Index = index;
        _exact = exact;
        _samples = Channel.CreateBounded<Sample>(new BoundedChannelOptions(_options.Queue) { SingleReader = true });
        index.Watch(this);
        Telemetry.Register(this);
        _checking = Task.Run(CheckAllAsync);
    }

    /// <summary>The index whose searches are sampled.</summary>
    public VectorIndex Index { get; }

    /// <summary>Queries checked so far.</summary>
    public long Checked => Interlocked.Read(ref _checked);

    /// <summary>Mean recall of the latest queries checked, 0 to 1; NaN before the first.</summary>
    public double Recall
    {
        get
        {
            lock (_lock)
                return _recalls.Count == 0 ? double.NaN : _recalls.Average();
        }
    }

    /// <summary>Ends the watch; queries that wait are not checked any more.</summary>
    public void Dispose()
    {
        Index.Unwatch(this);
        Telemetry.Unregister(this);
        _samples.Writer.TryComplete();
        while (_samples.Reader.TryRead(out _))
        {
        }

        _checking.Wait();
    }

    /// <summary>Takes a query that was answered into the sample, or not.</summary>
    internal void Offer(ReadOnlySpan<float> query, ReadOnlySpan<Neighbor> results, SearchFilter? filter)
    {
        // Evenly spread: the n-th query is taken when n times the share reaches another whole number.
        long offered = Interlocked.Increment(ref _offered);
        if ((long)(offered * _options.Share) == (long)((offered - 1) * _options.Share) || _samples.Reader.Count >= _options.Queue)
            return;
        var ids = new long[results.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = results[i].Id;
        _samples.Writer.TryWrite(new Sample(query.ToArray(), ids, filter));
    }

    private async Task CheckAllAsync()
    {
        await foreach (Sample sample in _samples.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                Note(Check(sample));
            }
            catch (ObjectDisposedException)
            {
                // The index went first; there is nothing left to watch.
                return;
            }
        }
    }

    private double Check(Sample sample)
    {
        var truth = new Neighbor[sample.Ids.Length];
        int found = _exact is null
            ? Index.SearchExactly(sample.Query, truth, sample.Filter)
            : _exact.SearchUnwatched(sample.Query, truth, new SearchOptions { Filter = sample.Filter, Probes = _exact.Lists });
        int hits = 0;
        for (int i = 0; i < found; i++)
            hits += Array.IndexOf(sample.Ids, truth[i].Id) >= 0 ? 1 : 0;
        return found == 0 ? 1 : (double)hits / found;
    }

    private void Note(double recall)
    {
        lock (_lock)
        {
            _recalls.Enqueue(recall);
            if (_recalls.Count > _options.Window)
                _recalls.Dequeue();
        }

        Interlocked.Increment(ref _checked);
    }

    private sealed record Sample(float[] Query, long[] Ids, SearchFilter? Filter);
}
