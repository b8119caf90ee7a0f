using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>A graph's links change in place while vectors are added; what is interrupted or saved meanwhile must not follow links to nodes that never came.</summary>
public sealed class HnswInterruptionTests : IDisposable
{
    private const int Dimension = 8;
    private const int Before = 601;

    private static readonly Matrix Vectors = TestVectors.Planted(10, 300, Dimension, 0.5f, 1);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void A_graph_whose_growth_was_stopped_is_searched_saved_and_grown_on(int step)
    {
        using HnswIndex index = Filled();
        using var source = new CancellationTokenSource();
        int steps = 0;
        var stop = new ImmediateProgress<TrainingProgress>(_ =>
        {
            if (++steps == step)
                source.Cancel();
        });

        Assert.ThrowsAny<OperationCanceledException>(() => index.Add(Vectors.Slice(Before, 290), options: new BuildOptions { Seed = 1 }, progress: stop, cancellationToken: source.Token));

        Assert.Equal(Before, index.Count);
        using HnswIndex fresh = Filled();
        Assert.Equal(fresh.OneByOne(Vectors.Slice(0, 50), 10), index.OneByOne(Vectors.Slice(0, 50), 10));
        index.Save(_folder["stopped.tsr"]);
        using (VectorIndex opened = VectorIndex.Open(_folder["stopped.tsr"]))
            Assert.Equal(index.OneByOne(Vectors.Slice(0, 50), 10), opened.OneByOne(Vectors.Slice(0, 50), 10));

        // Another seed puts the nodes that come now into other layers than those that did not.
        index.Add(Vectors.Slice(Before, 290), options: new BuildOptions { Seed = 2 }, cancellationToken: Cancellation);
        AssertFinds(index, Before + 290);
        index.Save(_folder["grown.tsr"]);
        using VectorIndex grown = VectorIndex.Open(_folder["grown.tsr"]);
        AssertFinds(grown, Before + 290);
    }

    [Fact]
    public void A_graph_saved_while_it_grows_is_the_one_of_before()
    {
        using HnswIndex index = Filled();
        int saves = 0;
        var save = new ImmediateProgress<TrainingProgress>(_ =>
        {
            index.Save(_folder["growing.tsr"]);
            using VectorIndex opened = VectorIndex.Open(_folder["growing.tsr"]);
            Assert.Equal(Before, opened.Count);
            AssertFinds(opened, Before);
            saves++;
        });

        index.Add(Vectors.Slice(Before, 290), progress: save, cancellationToken: Cancellation);

        Assert.InRange(saves, 5, 100);
    }

    private static HnswIndex Filled()
    {
        var index = new HnswIndex(Dimension, new HnswOptions { Neighbors = 4, EfConstruction = 40 });
        // The last one makes room for half as many again, so that what comes next is added in place.
        index.Add(Vectors.Slice(0, Before - 1), cancellationToken: Cancellation);
        index.Add(Vectors.Slice(Before - 1, 1), cancellationToken: Cancellation);
        return index;
    }

    /// <summary>That almost all of the first vectors find themselves.</summary>
    private static void AssertFinds(VectorIndex index, int count)
    {
        Neighbor[][] found = index.OneByOne(Vectors.Slice(0, count), 1, new SearchOptions { EfSearch = 100 });
        Assert.InRange(found.Index().Count(pair => pair.Item[0].Id == pair.Index), 0.95 * count, count);
    }
}
