using System.Diagnostics;
using Tessera.Indexes;
using Tessera.Vectors;

namespace Tessera.Search;

/// <summary>
/// Measures recall, throughput and latency of an index on one set of queries. The vectors that the queries are drawn from should
/// not be in the index: a query that finds itself flatters the recall. Not for use by several threads at once.
/// </summary>
public sealed class IndexEvaluation
{
    private readonly VectorIndex _index;
    private readonly Matrix _queries;
    private readonly GroundTruth _truth;
    private readonly EvaluationOptions _options;
    private readonly int _batch;
    private readonly Neighbor[] _results;

    /// <summary>Prepares to measure; nothing is searched yet.</summary>
    /// <param name="index">A filled index.</param>
    /// <param name="queries">Rows of the index's dimension, at least one.</param>
    /// <param name="truth">The true neighbours of the same queries, at least as many as are asked for.</param>
    /// <param name="options">What to measure; null for the defaults.</param>
    /// <exception cref="ArgumentException">Index, queries and truth do not belong together; the message says which and why.</exception>
    public IndexEvaluation(VectorIndex index, Matrix queries, GroundTruth truth, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(truth);
        _options = options ?? EvaluationOptions.Default;
        _options.Validate();
        if (queries.Dimension != index.Dimension)
            throw new ArgumentException(
                $"The queries have dimension {queries.Dimension}, the index has {index.Dimension}; both must be equal.", nameof(queries));
        if (truth.Queries != queries.Rows)
            throw new ArgumentException(
                $"The ground truth has {truth.Queries} rows for {queries.Rows} queries; give one row for each query.", nameof(truth));
        if (truth.K < _options.K)
            throw new ArgumentException(
                $"The ground truth knows {truth.K} neighbours of each query; ask for at most as many, not {_options.K}.", nameof(truth));

        _index = index;
        _queries = queries;
        _truth = truth;
        _batch = _options.Batch == 0 ? queries.Rows : Math.Min(_options.Batch, queries.Rows);
        _results = new Neighbor[checked(queries.Rows * _options.K)];
    }

    /// <summary>Measures one setting: a warm-up, then the timed passes.</summary>
    /// <param name="setting">A value of the index's <see cref="VectorIndex.Knob"/>, at least 1; 1 for an index that has none.</param>
    /// <param name="cancellationToken">Stops between calls.</param>
    public Evaluation Measure(int setting, CancellationToken cancellationToken = default)
    {
        var search = Searching(setting);
        long start = Stopwatch.GetTimestamp();
        do
            Pass(search, _batch, [], cancellationToken);
        while (Stopwatch.GetElapsedTime(start) < _options.WarmUp);
        double recall = Recall.Of(_results, _options.K, _truth);

        int calls = (_queries.Rows + _batch - 1) / _batch;
        var callTicks = new long[checked(_options.Passes * calls)];
        var throughputs = new double[_options.Passes];
        for (int pass = 0; pass < throughputs.Length; pass++)
        {
            start = Stopwatch.GetTimestamp();
            Pass(search, _batch, callTicks.AsSpan(pass * calls, calls), cancellationToken);
            throughputs[pass] = _queries.Rows / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        if (_options.Batch == 0)
        {
            callTicks = new long[_queries.Rows];
            Pass(search, 1, [], cancellationToken);
            Pass(search, 1, callTicks, cancellationToken);
        }

        Array.Sort(throughputs);
        Array.Sort(callTicks);
        return new Evaluation(
            setting, recall, Median(throughputs), Milliseconds(NearestRank(callTicks, 0.50)), Milliseconds(NearestRank(callTicks, 0.99)));
    }

    /// <summary>The recall at one setting, without timing: one batch over all queries on all threads of the options.</summary>
    /// <param name="setting">A value of the index's <see cref="VectorIndex.Knob"/>, at least 1; 1 for an index that has none.</param>
    /// <param name="cancellationToken">Stops between blocks of queries.</param>
    public double MeasureRecall(int setting, CancellationToken cancellationToken = default)
    {
        _index.Search(_queries, _options.K, _results, Searching(setting), cancellationToken);
        return Recall.Of(_results, _options.K, _truth);
    }

    private SearchOptions Searching(int setting)
    {
        // From here on 0 would mean the index's own setting, and what is too large is refused by the index.
        ArgumentOutOfRangeException.ThrowIfLessThan(setting, 1);
        return _index.Knob.With(_options.Search, setting);
    }

    /// <summary>Runs all queries once and writes the ticks of each call, unless nobody wants them.</summary>
    private void Pass(SearchOptions search, int batch, Span<long> callTicks, CancellationToken cancellationToken)
    {
        int k = _options.K;
        for (int first = 0, call = 0; first < _queries.Rows; first += batch, call++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            if (batch == 1)
            {
                _index.Search(_queries[first], _results.AsSpan(first * k, k), search);
            }
            else
            {
                int count = Math.Min(batch, _queries.Rows - first);
                _index.Search(_queries.Slice(first, count), k, _results.AsMemory(first * k, count * k), search, cancellationToken);
            }

            if (!callTicks.IsEmpty)
                callTicks[call] = Stopwatch.GetTimestamp() - start;
        }
    }

    private static double Median(double[] sorted)
    {
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static long NearestRank(long[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
