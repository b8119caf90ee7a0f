using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class GraphWalkTests
{
    private const int Dimension = 20;

    [Fact]
    public void A_beam_as_long_as_the_graph_meets_everything_that_is_connected_once()
    {
        using var graph = new Graph(150);
        // A random spanning tree and some more links, so that nodes are met along several ways.
        var random = new SeededRandom(2);
        for (int node = 1; node < graph.Count; node++)
        {
            graph.Link(node, random.Next(node));
            graph.Link(random.Next(node), random.Next(node));
        }

        graph.Walk.Search(graph.Layer, graph.Codes.Span, 7, graph.Count, graph.Count);

        Assert.Equal(graph.ByScore(Enumerable.Range(0, graph.Count)), graph.Found());
        Assert.Equal(graph.Count - 1, graph.Walk.Scored);
    }

    [Fact]
    public void Nodes_that_nothing_leads_to_are_not_found()
    {
        using var graph = new Graph(60);
        for (int node = 2; node < graph.Count; node++)
            graph.Link(node, node - 2);

        graph.Walk.Search(graph.Layer, graph.Codes.Span, 11, graph.Count, graph.Count);

        Assert.Equal(graph.ByScore(Enumerable.Range(0, graph.Count).Where(node => node % 2 == 1)), graph.Found());
    }

    [Fact]
    public void Nodes_beyond_those_that_the_walk_may_see_are_passed_over()
    {
        using var graph = new Graph(60);
        for (int node = 1; node < graph.Count; node++)
        {
            graph.Link(node, node - 1);
            graph.Link(node, 0);
        }

        graph.Walk.Search(graph.Layer, graph.Codes.Span, 3, nodes: 40, width: 60);
        int[] found = [.. graph.Found()];
        int end = graph.Walk.Descend(graph.Layer, graph.Codes.Span, 3, nodes: 40);

        Assert.Equal(graph.ByScore(Enumerable.Range(0, 40)), found);
        Assert.InRange(end, 0, 39);
    }

    [Fact]
    public void A_short_beam_holds_the_nearest_of_what_it_met()
    {
        using var graph = new Graph(100);
        for (int node = 1; node < graph.Count; node++)
            graph.Link(node, 0);

        // From the middle of a star everything is met at once.
        graph.Walk.Search(graph.Layer, graph.Codes.Span, 0, graph.Count, 10);

        Assert.Equal(graph.ByScore(Enumerable.Range(0, graph.Count)).Take(10), graph.Found());
    }

    [Fact]
    public void Descending_ends_where_no_neighbour_is_nearer()
    {
        using var graph = new Graph(80);
        var random = new SeededRandom(3);
        for (int node = 1; node < graph.Count; node++)
            for (int times = 0; times < 3; times++)
                graph.Link(node, random.Next(node));

        for (int start = 0; start < graph.Count; start++)
        {
            int end = graph.Walk.Descend(graph.Layer, graph.Codes.Span, start, graph.Count);

            Assert.True(graph.Score(end) <= graph.Score(start));
            Assert.All(graph.Layer.Of(end).ToArray(), neighbour => Assert.True(graph.Score(neighbour) >= graph.Score(end)));
        }
    }

    [Fact]
    public void Rows_of_each_layer_lie_apart_and_hold_what_was_set()
    {
        // Two nodes reach layer 2, one only layer 1; their rows follow each other.
        const int Width = 3;
        int[] links = new int[5 * (Width + 1)];
        int[] starts = [0, 2 * (Width + 1), 3 * (Width + 1)];
        LayerLinks first = new(links, starts, 1, Width), second = new(links, starts, 2, Width);

        first.Set(0, [2, 1, 2]);
        second.Set(0, [2]);
        first.Set(1, [0]);
        first.Set(2, [0, 1, 0]);
        second.Set(2, []);

        Assert.Equal([2, 1, 2], first.Of(0).ToArray());
        Assert.Equal([2], second.Of(0).ToArray());
        Assert.Equal([0], first.Of(1).ToArray());
        Assert.Equal([0, 1, 0], first.Of(2).ToArray());
        Assert.Empty(second.Of(2).ToArray());
    }

    [Fact]
    public void A_count_beyond_the_width_gives_no_more_than_the_row_holds()
    {
        int[] links = [9, 1, 2, 3, 1, 7, 0, 0];
        var layer = new LayerLinks(links, default, 0, 3);

        Assert.Equal([1, 2, 3], layer.Of(0).ToArray());
        Assert.Equal([7], layer.Of(1).ToArray());
    }

    /// <summary>Random vectors, a query, and links that the test makes, in the ground layer.</summary>
    private sealed class Graph : IDisposable
    {
        private readonly ByteRecords _records = new(Dimension, withNorm: true);
        private readonly float[] _scores;

        public Graph(int count)
        {
            Count = count;
            Codes = AlignedMemory.Allocate<byte>(count * _records.Size);
            Matrix vectors = TestVectors.Normal(count, Dimension, 1);
            for (int i = 0; i < count; i++)
                _records.Encode(vectors[i], Codes.Span.Slice(i * _records.Size, _records.Size));
            Walk = new GraphWalk(_records);
            _records.Prepare(TestVectors.Normals(Dimension, 9), Walk.Query);
            _scores = [.. Enumerable.Range(0, count).Select(i => _records.Whole(Walk.Query, Codes.Span, i))];
            Layer = new LayerLinks(new int[count * (count + 1)], default, 0, count);
        }

        public int Count { get; }

        public Memory<byte> Codes { get; }

        public LayerLinks Layer { get; }

        public GraphWalk Walk { get; }

        public float Score(int node) => _scores[node];

        public void Link(int a, int b)
        {
            if (a == b || Layer.Of(a).Contains(b))
                return;
            Layer.Set(a, [.. Layer.Of(a), b]);
            Layer.Set(b, [.. Layer.Of(b), a]);
        }

        public IEnumerable<int> ByScore(IEnumerable<int> nodes) => nodes.OrderBy(node => _scores[node]);

        public IEnumerable<int> Found() => Enumerable.Range(0, Walk.Beam.Count).Select(Walk.Beam.Node);

        public void Dispose() => Walk.Dispose();
    }
}
