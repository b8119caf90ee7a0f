using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Tessera.Indexes;
using Tessera.Monitoring;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Monitoring;

/// <summary>Alone, since other tests search in indexes of the same kinds.</summary>
[Collection(nameof(RunsAlone))]
public sealed class TelemetryTests
{
    private static readonly Matrix Vectors = TestVectors.Planted(8, 40, 8, 0.5f, 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Queries_durations_probes_codes_and_reranking_are_counted()
    {
        using VectorIndex index = Filled("IVF8,PQ4x4,Refine");
        using var heard = new Measurements("IVF,PQ,Refine");
        var options = new SearchOptions { Probes = 8, RerankFactor = 3, Threads = 1 };
        var answers = new Neighbor[5 * 4];
        for (int i = 0; i < 3; i++)
            index.Search(Vectors[i], answers.AsSpan(0, 4), options);
        index.Search(Vectors.Slice(0, 5), 4, answers, options, Cancellation);

        // At least these: an index of the kind may be in use elsewhere.
        Assert.True(heard.Sum(TesseraDiagnostics.Queries) >= 8);
        Assert.True(heard.Count(TesseraDiagnostics.Duration) >= 4);
        Assert.True(heard.Sum(TesseraDiagnostics.Probes) >= 8 * 8);
        Assert.True(heard.Sum(TesseraDiagnostics.Scanned) >= 8 * Vectors.Rows);
        Assert.True(heard.Sum(TesseraDiagnostics.Reranked) >= 8 * 12);
        Assert.All(heard.Of(TesseraDiagnostics.Duration), seconds => Assert.InRange(seconds, 0, 60));
    }

    [Theory]
    [InlineData("Flat", "Flat")]
    [InlineData("IVF8,Flat", "IVF,Flat")]
    [InlineData("IVF8,PQ4x4", "IVF,PQ")]
    [InlineData("HNSW6", "HNSW")]
    public void Vectors_removed_ones_and_memory_are_observed_until_the_index_is_disposed_of(string specification, string kind)
    {
        // So many that other tests, which make and drop indexes of this kind meanwhile, do not hide them.
        const int Many = 60;
        using var heard = new Measurements(kind);
        double before = heard.Observe(TesseraDiagnostics.Vectors);
        VectorIndex[] indexes = [.. Enumerable.Range(0, Many).Select(_ => Filled(specification))];
        indexes[0].Remove([1, 2, 3]);
        double with = heard.Observe(TesseraDiagnostics.Vectors);
        Assert.True(with - before >= Many / 2 * Vectors.Rows);
        Assert.True(heard.Observe(TesseraDiagnostics.Removed) >= 3);
        Assert.True(heard.Observe(TesseraDiagnostics.Memory) >= indexes.Sum(index => index.Memory.MeasuredBytes));
        foreach (VectorIndex index in indexes)
            index.Dispose();
        Assert.True(with - heard.Observe(TesseraDiagnostics.Vectors) >= Many / 2 * Vectors.Rows);
    }

    [Theory]
    [InlineData("Flat", "Flat")]
    [InlineData("IVF8,PQ4x4", "IVF,PQ")]
    public void An_opened_index_is_observed_and_one_that_was_refused_or_never_filled_is_not(string specification, string kind)
    {
        using var folder = new TemporaryFolder();
        using (VectorIndex index = Filled(specification))
            index.Save(folder["whole.tsr"]);
        byte[] other = File.ReadAllBytes(folder["whole.tsr"]);
        // What only the last check of all sees: another kind is written in the file than it holds.
        int at = other.AsSpan().IndexOf(Encoding.UTF8.GetBytes(specification));
        other[at] = (byte)'X';
        File.WriteAllBytes(folder["other.tsr"], other);

        using var heard = new Measurements(kind);
        double before = heard.Observe(TesseraDiagnostics.Vectors);
        VectorIndex[] opened = [.. Enumerable.Range(0, 60).Select(_ => VectorIndex.Open(folder["whole.tsr"]))];
        VectorIndex[] empty = [.. Enumerable.Range(0, 60).Select(_ => IndexFactory.Create(specification, Vectors.Dimension))];
        for (int i = 0; i < 60; i++)
            Assert.Throws<TesseraFormatException>(() => VectorIndex.Open(folder["other.tsr"], verify: false));
        Assert.True(heard.Observe(TesseraDiagnostics.Vectors) - before >= 30 * Vectors.Rows);
        foreach (VectorIndex index in (VectorIndex[])[.. opened, .. empty])
            index.Dispose();
    }

    [Fact]
    public async Task Indexes_may_be_disposed_of_while_they_are_observed()
    {
        using var heard = new Measurements("Flat");
        using var stop = new CancellationTokenSource();
        var observer = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                    heard.Observe(TesseraDiagnostics.Memory);
            },
            Cancellation);
        using var folder = new TemporaryFolder();
        using (VectorIndex index = Filled("IVF8,PQ4x4"))
            index.Save(folder["x.tsr"]);
        for (int i = 0; i < 300; i++)
            VectorIndex.Open(folder["x.tsr"]).Dispose();
        await stop.CancelAsync();
        await observer;
    }

    [Fact]
    public void Activities_tell_of_training_adding_compacting_and_searching()
    {
        var heard = new ConcurrentQueue<Activity>();
        using var test = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is TesseraDiagnostics.ActivitySourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = heard.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        using Activity mine = test.StartActivity("mine")!;
        using VectorIndex index = Filled("IVF8,Flat");
        index.Remove([0]);
        index.Compact(cancellationToken: Cancellation);
        index.Search(Vectors[0], new Neighbor[3]);
        index.Search(Vectors.Slice(0, 2), 3, new Neighbor[6], new SearchOptions { Filter = SearchFilter.Ids([1]) }, Cancellation);

        Activity[] children = [.. heard.Where(activity => activity.TraceId == mine.TraceId)];
        Assert.Equal(["tessera.train", "tessera.add", "tessera.compact", "tessera.search", "tessera.search"], children.Select(activity => activity.OperationName));
        Assert.All(children, activity => Assert.Equal("IVF8,Flat", activity.GetTagItem("tessera.index.specification")));
        Assert.Equal((1, 3, false), Tags(children[3]));
        Assert.Equal((2, 3, true), Tags(children[4]));

        static (int, int, bool) Tags(Activity activity) =>
            ((int)activity.GetTagItem("tessera.search.queries")!, (int)activity.GetTagItem("tessera.search.k")!, (bool)activity.GetTagItem("tessera.search.filtered")!);
    }

    private static VectorIndex Filled(string specification)
    {
        VectorIndex index = IndexFactory.Create(specification, Vectors.Dimension);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 2, CodebookIterations = 2 }, cancellationToken: Cancellation);
        index.Add(Vectors, cancellationToken: Cancellation);
        return index;
    }
}
