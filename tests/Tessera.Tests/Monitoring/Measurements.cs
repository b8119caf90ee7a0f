using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tessera.Monitoring;

namespace Tessera.Tests.Monitoring;

/// <summary>What the engine's meter reports of one kind of index while this lives.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<double>> _heard = new();
    private readonly MeterListener _listener = new();
    private readonly string _kind;

    public Measurements(string kind)
    {
        _kind = kind;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TesseraDiagnostics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, number, tags, _) => Note(instrument, number, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, number, tags, _) => Note(instrument, number, tags));
        _listener.Start();
    }

    public IReadOnlyCollection<double> Of(string instrument) => _heard.GetOrAdd(instrument, _ => new());

    public double Sum(string instrument) => Of(instrument).Sum();

    public int Count(string instrument) => Of(instrument).Count;

    /// <summary>What an observable instrument says now; 0 where it says nothing of this kind.</summary>
    public double Observe(string instrument)
    {
        _heard.TryRemove(instrument, out _);
        _listener.RecordObservableInstruments();
        return Sum(instrument);
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double number, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Assert.Equal(1, tags.Length);
        Assert.Equal(TesseraDiagnostics.IndexKind, tags[0].Key);
        if (Equals(tags[0].Value, _kind))
            _heard.GetOrAdd(instrument.Name, _ => new()).Enqueue(number);
    }
}
