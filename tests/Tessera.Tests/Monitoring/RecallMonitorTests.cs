using Tessera.Indexes;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Indexes;
using Tessera.Vectors;

namespace Tessera.Tests.Monitoring;

public sealed class RecallMonitorTests
{
    private static readonly Matrix Vectors = TestVectors.Normal(2000, 8, 1), Queries = TestVectors.Normal(200, 8, 2);
    private static readonly RecallMonitorOptions Everything = new() { Share = 1, Queue = 1000, Window = 1000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("IVF32,Flat", Metric.L2)]
    [InlineData("IVF32,PQ4x4", Metric.Cosine)]
    [InlineData("HNSW6", Metric.InnerProduct)]
    [InlineData("HNSW6", Metric.Cosine)]
    [InlineData("Flat", Metric.Cosine)]
    public async Task The_recall_reported_is_the_recall_measured(string specification, Metric metric)
    {
        using VectorIndex index = Filled(specification, metric), exact = Filled("Flat", metric);
        var options = new SearchOptions { Probes = Math.Min(index.Lists, 2), EfSearch = 10, Filter = SearchFilter.Where(id => id % 3 > 0) };
        Neighbor[][] truth = exact.OneByOne(Queries, 10, options with { Probes = 1 });
        using var monitor = new RecallMonitor(index, index.KeepsVectors ? null : exact, Everything);
        Neighbor[][] found = index.Together(Queries, 10, options);
        await Until(() => monitor.Checked == Queries.Rows);
        Assert.Equal(ExactNeighbors.Recall(truth, found), monitor.Recall, 1e-9);

        using var heard = new Measurements(index.KindName);
        Assert.InRange(heard.Observe(TesseraDiagnostics.Recall), 0.01, 10);
    }

    [Fact]
    public async Task A_share_of_the_queries_is_checked_and_the_latest_of_them_count()
    {
        using VectorIndex index = Filled("IVF32,Flat", Metric.L2);
        using var monitor = new RecallMonitor(index, null, new RecallMonitorOptions { Share = 0.1, Window = 10, Queue = 100 });
        Assert.True(double.IsNaN(monitor.Recall));
        index.Together(Queries, 10, new SearchOptions { Probes = 1 });
        await Until(() => monitor.Checked == 20);
        Assert.InRange(monitor.Recall, 0.05, 0.9);
        index.Together(Queries.Slice(0, 100), 10, new SearchOptions { Probes = 32 });
        await Until(() => monitor.Checked == 30);
        Assert.Equal(1, monitor.Recall);
    }

    [Fact]
    public async Task Queries_that_find_the_queue_full_are_passed_over()
    {
        using VectorIndex index = Filled("IVF32,Flat", Metric.L2);
        using var monitor = new RecallMonitor(index, null, new RecallMonitorOptions { Share = 1, Queue = 1 });
        index.Together(Queries, 10, new SearchOptions { Probes = 1 });
        await Until(() => monitor.Checked > 0);
        Assert.InRange(monitor.Checked, 1, Queries.Rows);
    }

    [Fact]
    public void What_cannot_be_watched_is_refused()
    {
        using VectorIndex index = Filled("IVF32,PQ4x4", Metric.L2), other = Filled("Flat", Metric.Cosine), exact = Filled("Flat", Metric.L2);
        Assert.Throws<ArgumentException>("exact", () => new RecallMonitor(index));
        Assert.Throws<ArgumentException>("exact", () => new RecallMonitor(index, other));
        Assert.Throws<ArgumentOutOfRangeException>("Share", () => new RecallMonitor(index, exact, new RecallMonitorOptions { Share = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Share", () => new RecallMonitor(index, exact, new RecallMonitorOptions { Share = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>("Window", () => new RecallMonitor(index, exact, new RecallMonitorOptions { Window = 0 }));
        using (new RecallMonitor(index, exact))
            Assert.Throws<InvalidOperationException>(() => new RecallMonitor(index, exact));
        using var again = new RecallMonitor(index, exact);
    }

    [Fact]
    public async Task An_index_that_is_disposed_of_first_ends_the_watch()
    {
        VectorIndex index = Filled("IVF32,Flat", Metric.L2);
        using var monitor = new RecallMonitor(index, null, Everything);
        index.Together(Queries, 10);
        await Until(() => monitor.Checked > 0);
        index.Dispose();
    }

    private static async Task Until(Func<bool> reached)
    {
        for (int i = 0; !reached() && i < 3000; i++)
            await Task.Delay(10, Cancellation);
        Assert.True(reached());
    }

    private static VectorIndex Filled(string specification, Metric metric)
    {
        VectorIndex index = IndexFactory.Create(specification, Vectors.Dimension, metric);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        index.Add(Vectors, cancellationToken: Cancellation);
        return index;
    }
}
