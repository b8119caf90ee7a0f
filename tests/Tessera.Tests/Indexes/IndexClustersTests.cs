using Tessera.Indexes;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IndexClustersTests
{
    private const int Dimension = 16, Rows = 900;

    [Theory]
    [InlineData("IVF8,Flat", 9)]
    [InlineData("IVF8,PQ4", 9)]
    [InlineData("IVF8,SQ8", 9)]
    [InlineData("RR,IVF8,Flat", 9)]
    [InlineData("Tree2x4", 0)]
    public void Every_vector_lies_in_one_cluster_and_sizes_add_up(string specification, int count)
    {
        using VectorIndex index = Filled(specification);
        index.Remove([3, 5, 7]);

        IndexClusters clusters = index.Clusters()!;

        Assert.True(count == 0 || clusters.Count == count);
        Assert.Equal(-1, clusters.Parent(0));
        var found = new List<long>();
        for (int node = 0; node < clusters.Count; node++)
        {
            found.AddRange(clusters.Members(node));
            int beneath = clusters.Members(node).Length;
            foreach (int child in clusters.Children(node))
            {
                Assert.Equal(node, clusters.Parent(child));
                Assert.True(child > node);
                beneath += clusters.Size(child);
            }

            Assert.Equal(beneath, clusters.Size(node));
        }

        Assert.Equal(Enumerable.Range(0, Rows).Select(id => (long)id).Except([3L, 5L, 7L]), found.Order());
    }

    [Fact]
    public void The_members_of_a_list_are_what_one_probe_finds()
    {
        using VectorIndex index = Filled("IVF8,Flat");
        IndexClusters clusters = index.Clusters()!;
        var found = new Tessera.Search.Neighbor[Rows];
        int count = index.Search(Vectors()[0], found, new Tessera.Search.SearchOptions { Probes = 1 });

        long[] members = [.. found.Take(count).Select(one => one.Id).Order()];

        Assert.Contains(Enumerable.Range(1, 8), node => clusters.Members(node).ToArray().Order().SequenceEqual(members));
    }

    [Theory]
    [InlineData("Flat")]
    [InlineData("PQ4")]
    [InlineData("HNSW8")]
    public void An_index_without_clusters_has_none_to_show(string specification)
    {
        using VectorIndex index = Filled(specification);

        Assert.Null(index.Clusters());
    }

    [Fact]
    public void An_untrained_tree_has_none_to_show()
    {
        using VectorIndex index = IndexFactory.Create("Tree2x4", Dimension);

        Assert.Null(index.Clusters());
    }

    private static VectorIndex Filled(string specification)
    {
        VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(Vectors());
        index.Add(Vectors());
        return index;
    }

    private static Matrix Vectors()
    {
        var random = new SeededRandom(11);
        var values = new float[Rows * Dimension];
        foreach (ref float value in values.AsSpan())
            value = (float)random.NextNormal();
        return new Matrix(values, Dimension);
    }
}
