using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Tessera.Indexes;
using Tessera.Monitoring;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Monitoring;

/// <summary>OpenTelemetry reads what the engine reports, by the names alone. Alone, since it hears other tests too.</summary>
[Collection(nameof(RunsAlone))]
public sealed class OpenTelemetryTests
{
    [Fact]
    public void OpenTelemetry_collects_the_instruments_with_their_units_and_tags()
    {
        var exporter = new Exporter<OpenTelemetry.Metrics.Metric>();
        using var reader = new BaseExportingMetricReader(exporter);
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddMeter(TesseraDiagnostics.MeterName).AddReader(reader).Build();
        using var index = new FlatIndex(4);
        Matrix vectors = TestVectors.Normal(50, 4, 1);
        index.Add(vectors, cancellationToken: TestContext.Current.CancellationToken);
        index.Search(vectors[0], new Neighbor[3]);
        Assert.True(provider.ForceFlush());

        Dictionary<string, (string Unit, long Points)> heard = exporter.Exported.Select(metric => (metric.Name, metric.Unit, Points: Points(metric)))
            .ToDictionary(metric => metric.Name, metric => (metric.Unit, metric.Points));
        Assert.Equal("{query}", heard[TesseraDiagnostics.Queries].Unit);
        Assert.Equal("s", heard[TesseraDiagnostics.Duration].Unit);
        Assert.Equal("By", heard[TesseraDiagnostics.Memory].Unit);
        Assert.Equal("{vector}", heard[TesseraDiagnostics.Vectors].Unit);
        Assert.All(heard.Values, metric => Assert.True(metric.Points > 0));

        static long Points(OpenTelemetry.Metrics.Metric metric)
        {
            long flat = 0;
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                foreach (KeyValuePair<string, object?> tag in point.Tags)
                    flat += tag is { Key: TesseraDiagnostics.IndexKind, Value: "Flat" } ? 1 : 0;
            }

            return flat;
        }
    }

    [Fact]
    public void OpenTelemetry_collects_the_activities()
    {
        var exporter = new Exporter<Activity>();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(TesseraDiagnostics.ActivitySourceName).AddProcessor(new SimpleActivityExportProcessor(exporter)).Build();
        using var index = new FlatIndex(3);
        index.Add(TestVectors.Normal(5, 3, 1), cancellationToken: TestContext.Current.CancellationToken);
        index.Search(new float[3], new Neighbor[2]);
        Assert.Contains(exporter.Exported, activity => activity.OperationName == "tessera.search" && (string?)activity.GetTagItem(TesseraDiagnostics.IndexKind) == "Flat");
    }

    private sealed class Exporter<T> : BaseExporter<T>
        where T : class
    {
        private readonly Lock _lock = new();
        private readonly List<T> _exported = [];

        public T[] Exported
        {
            get
            {
                lock (_lock)
                    return [.. _exported];
            }
        }

        public override ExportResult Export(in Batch<T> batch)
        {
            lock (_lock)
            {
                foreach (T item in batch)
                    _exported.Add(item);
            }

            return ExportResult.Success;
        }
    }
}
