using Tessera.Colors.Indexes;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Indexes;

public sealed class AnnMonitorTests
{
    private static readonly Matrix Images = PaintedHistograms.Make(1000), Queries = PaintedHistograms.Make(10, seed: 5);

    [Fact]
    public void Memory_is_followed_over_time_and_a_threshold_warns()
    {
        using AnnIndex index = Half();
        var monitor = new AnnMonitor(index, new AnnMonitorOptions { MemoryThreshold = index.Inner!.Memory.MeasuredBytes, History = 2 });
        var warnings = new List<string>();
        monitor.Warning += (_, warning) => warnings.Add(warning.Message);

        monitor.SampleMemory();
        MemorySample before = monitor.SampleMemory();
        Assert.Empty(warnings);
        index.Add(Images.Slice(500, 500));
        MemorySample after = monitor.SampleMemory();

        Assert.Single(warnings);
        Assert.Equal([before, after], monitor.Memory);
        Assert.Equal((500, 1000), (before.Vectors, after.Vectors));
        Assert.True(after.MeasuredBytes > before.MeasuredBytes && after.Time >= before.Time);
    }

    [Fact]
    public void A_spot_check_measures_recall_against_exact_search_and_warns_below_the_threshold()
    {
        using AnnIndex index = Half();
        var monitor = new AnnMonitor(index, new AnnMonitorOptions { RecallThreshold = 0.7, Candidates = 250 });
        var warnings = new List<string>();
        monitor.Warning += (_, warning) => warnings.Add(warning.Message);

        QualitySample whole = monitor.CheckQuality(Queries, Images.Slice(0, 500));
        Assert.InRange(whole.Recall, 0.9, 1);
        Assert.Empty(warnings);
        // Of these, the index has half: it cannot find the others.
        QualitySample missing = monitor.CheckQuality(Queries, Images);

        Assert.InRange(missing.Recall, 0.2, 0.7);
        Assert.Single(warnings);
        Assert.Equal([whole, missing], monitor.Quality);
    }

    [Fact]
    public void Ids_of_the_exact_vectors_are_heeded()
    {
        using var index = new AnnIndex(new ColorConfig { Kind = AnnIndexKind.Hnsw });
        long[] ids = [.. Enumerable.Range(0, 500).Select(i => 10_000L - i)];
        index.Add(Images.Slice(0, 500), ids);

        Assert.InRange(new AnnMonitor(index).CheckQuality(Queries, Images.Slice(0, 500), ids).Recall, 0.98, 1);
        Assert.Throws<ArgumentException>(() => new AnnMonitor(index).CheckQuality(Queries.Slice(0, 0), Images));
    }

    [Fact]
    public void Thresholds_out_of_range_are_refused()
    {
        using AnnIndex index = Half();

        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnMonitor(index, new AnnMonitorOptions { RecallThreshold = 1.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnMonitor(index, new AnnMonitorOptions { MemoryThreshold = -1 }));
    }

    private static AnnIndex Half()
    {
        var index = new AnnIndex(new ColorConfig { Lists = 4, Probes = 4 });
        index.Train(Images.Slice(0, 500));
        index.Add(Images.Slice(0, 500));
        return index;
    }
}
