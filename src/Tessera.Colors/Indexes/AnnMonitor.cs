using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Colors.Indexes;

/// <summary>
/// Watches an index: its memory over time, and how many of the true neighbours its searches find. Samples when told to, so that
/// the caller's timer says how often. Safe for several threads.
/// </summary>
public sealed class AnnMonitor
{
    private readonly AnnIndex _index;
    private readonly AnnMonitorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Queue<MemorySample> _memory = new();
    private readonly Queue<QualitySample> _quality = new();

    /// <summary>Makes a monitor.</summary>
    /// <param name="index">The index.</param>
    /// <param name="options">Thresholds; null for none.</param>
    /// <param name="clock">Says the time; null for the system's.</param>
    public AnnMonitor(AnnIndex index, AnnMonitorOptions? options = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        _index = index;
        _options = options ?? AnnMonitorOptions.Default;
        _options.Validate();
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Raised by each sample that is beyond its threshold, on the thread that took it.</summary>
    public event EventHandler<AnnWarningEventArgs>? Warning;

    /// <summary>The memory samples, the oldest first.</summary>
    public IReadOnlyList<MemorySample> Memory
    {
        get
        {
            lock (_lock)
                return [.. _memory];
        }
    }

    /// <summary>The spot checks, the oldest first.</summary>
    public IReadOnlyList<QualitySample> Quality
    {
        get
        {
            lock (_lock)
                return [.. _quality];
        }
    }

    /// <summary>Notes what the index takes now.</summary>
    public MemorySample SampleMemory()
    {
        var sample = new MemorySample(_clock.GetUtcNow(), _index.Count, (long)_index.GetMemoryUsageEstimate()["measured_bytes"]);
        Remember(_memory, sample);
        if (_options.MemoryThreshold > 0 && sample.MeasuredBytes > _options.MemoryThreshold)
            Warn($"The index of {sample.Vectors} images takes {sample.MeasuredBytes} bytes, more than the threshold of {_options.MemoryThreshold}.");
        return sample;
    }

    /// <summary>Searches some queries again exactly, and notes how many of the true neighbours are among the index's candidates.</summary>
    /// <param name="queries">Hellinger transforms of queries.</param>
    /// <param name="vectors">Hellinger transforms of all images in the index, from wherever they are kept.</param>
    /// <param name="ids">Their ids in the index; empty where they are 0, 1, 2 and so on.</param>
    /// <param name="cancellationToken">Stops between queries.</param>
    /// <exception cref="ArgumentException">There are no queries, or something is of another length.</exception>
    public QualitySample CheckQuality(Matrix queries, Matrix vectors, ReadOnlySpan<long> ids = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(vectors);
        if (queries.Rows == 0)
            throw new ArgumentException("There are no queries; give at least one.", nameof(queries));
        using var exact = new ExactSearch(vectors, ids);
        var results = new Neighbor[_options.Candidates];
        double recall = 0;
        for (int query = 0; query < queries.Rows; query++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int found = _index.Search(queries[query], results);
            recall += ExactSearch.Recall(exact.Nearest(queries[query], _options.Neighbors), results.AsSpan(0, found));
        }

        var sample = new QualitySample(_clock.GetUtcNow(), queries.Rows, recall / queries.Rows);
        Remember(_quality, sample);
        if (sample.Recall < _options.RecallThreshold)
        {
            Warn(FormattableString.Invariant(
                $"{sample.Recall:P1} of the true neighbours of {sample.Queries} queries were found, less than the threshold of {_options.RecallThreshold:P1}; more probes find more."));
        }

        return sample;
    }

    private void Remember<T>(Queue<T> samples, T sample)
    {
        lock (_lock)
        {
            samples.Enqueue(sample);
            if (samples.Count > _options.History)
                samples.Dequeue();
        }
    }

    private void Warn(string message) => Warning?.Invoke(this, new AnnWarningEventArgs(message));
}
