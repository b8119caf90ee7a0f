using Tessera.CodeMap.Layers;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Layers;

public class LayerBuilderTests
{
    private static readonly LayerSettings Settings = new(Clusters: 0, MinClusters: 3, MaxDepth: 24, Seed: 42, Threads: 0);

    [Fact]
    public void Each_layer_has_about_the_square_root_of_the_one_below()
    {
        var (layers, termination) = Build(Random(400), Settings);

        Assert.Equal([20, 4, 2], layers.Select(layer => layer.Length));
        Assert.Equal((TerminationReason.TooFewClusters, 3), (termination.Reason, termination.Layer));
        Assert.Contains("layer 3 has 2 clusters", termination.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_of_the_reference_ends_with_three_clusters()
    {
        var (layers, termination) = Build(Random(2757), Settings);

        Assert.Equal([53, 7, 3], layers.Select(layer => layer.Length));
        Assert.Equal((TerminationReason.NoReduction, 3), (termination.Reason, termination.Layer));
    }

    [Fact]
    public void Building_stops_when_there_are_fewer_items_than_another_layer_needs()
    {
        var (layers, termination) = Build(Random(9), Settings with { MinClusters = 10 });

        Assert.Empty(layers);
        Assert.Equal((TerminationReason.TooFewClusters, 0), (termination.Reason, termination.Layer));
        Assert.Contains("9 entities", termination.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 9)]
    [InlineData(10, 10)]
    [InlineData(10, 500)]
    [InlineData(3, 2)]
    public void Building_stops_when_clusters_would_be_almost_as_many_as_items(int items, int k)
    {
        var (layers, termination) = Build(Random(items), Settings with { Clusters = k });

        Assert.Empty(layers);
        Assert.Equal(TerminationReason.NoReduction, termination.Reason);
    }

    [Fact]
    public void A_fixed_number_of_clusters_holds_for_each_layer()
    {
        var (layers, termination) = Build(Random(200), Settings with { Clusters = 12 });

        Assert.Equal([12], layers.Select(layer => layer.Length));
        Assert.Equal(TerminationReason.NoReduction, termination.Reason);
    }

    [Fact]
    public void Building_stops_at_the_greatest_depth()
    {
        var (layers, termination) = Build(Random(400), Settings with { MaxDepth = 1 });

        Assert.Single(layers);
        Assert.Equal((TerminationReason.MaxDepth, 1), (termination.Reason, termination.Layer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Items_without_a_direction_make_no_clusters(int zeroRows)
    {
        var (layers, termination) = Build(new Matrix(new float[zeroRows * 8], 8), Settings);

        Assert.Empty(layers);
        Assert.Equal(TerminationReason.NoValidClusters, termination.Reason);
    }

    [Fact]
    public void Equal_items_fall_into_one_cluster_and_the_empty_ones_are_dropped()
    {
        var values = new float[50 * 8];
        for (int row = 0; row < 50; row++)
            values[row * 8 + 3] = 1;

        var (layers, termination) = Build(new Matrix(values, 8), Settings);

        Assert.Equal(50, Assert.Single(Assert.Single(layers)).Members.Length);
        Assert.Equal(TerminationReason.TooFewClusters, termination.Reason);
    }

    [Fact]
    public void Zero_rows_among_others_are_put_into_some_cluster()
    {
        float[] values = Random(60).Span.ToArray();
        Array.Clear(values, 0, 5 * 16);

        var (layers, _) = Build(new Matrix(values, 16), Settings);

        Assert.Equal(Enumerable.Range(0, 60), layers[0].SelectMany(cluster => cluster.Members).Order());
    }

    [Fact]
    public void Centroids_have_length_1_and_every_item_is_in_one_cluster()
    {
        var (layers, _) = Build(Random(400), Settings);

        int below = 400;
        foreach (RawCluster[] layer in layers)
        {
            Assert.Equal(Enumerable.Range(0, below), layer.SelectMany(cluster => cluster.Members).Order());
            Assert.All(layer, cluster => Assert.Equal(1, cluster.Centroid.Sum(value => (double)value * value), 1e-5));
            below = layer.Length;
        }
    }

    private static (List<RawCluster[]> Layers, LayerTermination Termination) Build(Matrix rows, LayerSettings settings) =>
        new LayerBuilder(settings).BuildHierarchicalLayers(rows, null, null, TestContext.Current.CancellationToken);

    private static Matrix Random(int rows)
    {
        var random = new Random(7);
        var values = new float[rows * 16];
        for (int row = 0; row < rows; row++)
        {
            Span<float> vector = values.AsSpan(row * 16, 16);
            double squares = 0;
            for (int i = 0; i < 16; i++)
            {
                vector[i] = random.NextSingle() - 0.5f;
                squares += vector[i] * vector[i];
            }

            for (int i = 0; i < 16; i++)
                vector[i] /= (float)Math.Sqrt(squares);
        }

        return new Matrix(values, 16);
    }
}
