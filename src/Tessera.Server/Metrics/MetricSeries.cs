namespace Tessera.Server.Metrics;

/// <summary>One instrument with one set of tags: a sum, a last value, or counts by bucket.</summary>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    private readonly long[]? _counts = bounds is null ? null : new long[bounds.Length + 1];
    private readonly Lock _lock = new();
    private double _value;

    /// <summary>Tags as the exposition format writes them, without braces; may be empty.</summary>
    public string Labels => labels;

    /// <summary>Adds to a sum, or counts a value of a histogram.</summary>
    public void Add(double value)
    {
        lock (_lock)
        {
            _value += value;
            if (_counts is not null)
                _counts[Bucket(value)]++;
        }
    }

    /// <summary>Takes the place of the last value.</summary>
    public void Set(double value)
    {
        lock (_lock)
            _value = value;
    }

    /// <summary>The sum or last value, and for a histogram how many values each bucket has.</summary>
    public (double Value, long[] Counts) Read()
    {
        lock (_lock)
            return (_value, _counts is null ? [] : [.. _counts]);
    }

    private int Bucket(double value)
    {
        int place = Array.BinarySearch(bounds!, value);
        return place >= 0 ? place : ~place;
    }
}
