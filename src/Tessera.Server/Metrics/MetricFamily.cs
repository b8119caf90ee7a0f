using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Tessera.Server.Metrics;

/// <summary>An instrument and its series.</summary>
internal sealed class MetricFamily
{
    // Tags come from routes and kinds of index, which are few; this holds whatever may come.
    private const int MostSeries = 1000;

    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly double[]? _bounds;
    private readonly string _type;
    private readonly string _help;

    public MetricFamily(Instrument instrument)
    {
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        bool isHistogram = kind == typeof(Histogram<>);
        IsSum = kind == typeof(Counter<>) || kind == typeof(UpDownCounter<>) || isHistogram;
        bool isCounter = kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);
        _type = isHistogram ? "histogram" : isCounter ? "counter" : "gauge";
        _bounds = isHistogram ? Bounds(instrument) : null;
        _help = instrument.Description ?? "";
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        Name = new string([.. instrument.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]) + unit + (isCounter ? "_total" : "");
    }

    public string Name { get; }

    private bool IsSum { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        if (!_series.TryGetValue(labels, out MetricSeries? series))
        {
            if (_series.Count >= MostSeries)
                return;
            series = _series.GetOrAdd(labels, static (key, bounds) => new MetricSeries(key, bounds), _bounds);
        }

        if (IsSum)
            series.Add(value);
        else
            series.Set(value);
    }

    public void Write(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {_help.ReplaceLineEndings(" ")}\n# TYPE {Name} {_type}\n");
        foreach (MetricSeries series in _series.Values.OrderBy(one => one.Labels, StringComparer.Ordinal))
        {
            (double value, long[] counts) = series.Read();
            string labels = series.Labels.Length == 0 ? "" : $"{{{series.Labels}}}";
            if (_bounds is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Name}{labels} {value}\n");
                continue;
            }

            string comma = series.Labels.Length == 0 ? "" : ",";
            long below = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                below += counts[i];
                string bound = i < _bounds.Length ? _bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Append(CultureInfo.InvariantCulture, $"{Name}_bucket{{{series.Labels}{comma}le=\"{bound}\"}} {below}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{Name}_sum{labels} {value}\n{Name}_count{labels} {below}\n");
        }
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        _ => Seconds,
    };

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach ((string key, object? value) in tags)
        {
            text.Append(text.Length == 0 ? "" : ",");
            foreach (char c in key)
                text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
            string shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append("=\"").Append(shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n")).Append('"');
        }

        return text.ToString();
    }
}
