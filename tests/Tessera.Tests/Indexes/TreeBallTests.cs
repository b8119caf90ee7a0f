using Tessera.Indexes;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>The balls around a tree's nodes, and what they rule out.</summary>
public sealed class TreeBallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric, string> Cases() => TreeMaterial.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_ball_holds_all_vectors_beneath_it_through_adds_removals_and_compaction(Metric metric, string data)
    {
        Matrix vectors = TreeMaterial.Make(data, 9);
        using TreeIndex index = TreeMaterial.Trained(vectors.Slice(0, 200), new TreeOptions { Levels = 3, Branching = 3 }, metric);
        for (int start = 0; start < 600; start += 150)
        {
            index.Add(vectors.Slice(start, 150), cancellationToken: Cancellation);
            AssertCovered(index);
        }

        float[] before = index.Nodes!.Value.Balls.Radii;
        index.Remove([.. Enumerable.Range(0, 600).Where(i => i % 3 != 0).Select(i => (long)i)]);
        AssertCovered(index);
        index.Compact(cancellationToken: Cancellation);
        AssertCovered(index);
        float[] after = index.Nodes!.Value.Balls.Radii;
        Assert.All(before.Zip(after), pair => Assert.True(pair.Second <= pair.First));

        // As if the others had never been.
        using TreeIndex fresh = TreeMaterial.Trained(vectors.Slice(0, 200), new TreeOptions { Levels = 3, Branching = 3 }, metric);
        fresh.Add(vectors.Select([.. Enumerable.Range(0, 600).Where(i => i % 3 == 0)]), cancellationToken: Cancellation);
        Assert.Equal(fresh.Nodes!.Value.Balls.Radii, after);
        Assert.Equal(fresh.Nodes!.Value.Balls.Counts, index.Nodes!.Value.Balls.Counts);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_bound_lies_above_a_distance_that_is_measured_beneath_it(Metric metric, string data)
    {
        Matrix vectors = TreeMaterial.Make(data, 9);
        using TreeIndex index = TreeMaterial.Filled(vectors, new TreeOptions { Levels = 3, Branching = 4 }, metric);
        (ClusterTree tree, TreeBalls balls, RowList<float>[] leaves) = index.Nodes!.Value;
        var scores = new float[1];
        int useful = 0;
        for (int number = 0; number < 40; number++)
        {
            float[] query = vectors[number * 7].ToArray();
            if (metric == Metric.Cosine)
                Normalisation.Apply(query, query);
            var bounds = new BallBounds(metric, query);
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                var distances = new float[leaves[leaf].Count];
                ExactDistance.OfMany(metric, query, leaves[leaf].Rows.Span[..(9 * leaves[leaf].Count)], distances);
                float nearest = distances.Append(float.PositiveInfinity).Min();
                for (int node = tree.NodeOf(leaf); node >= 0; node = tree.Parent(node))
                {
                    BallBounds.Measure(metric, query, tree.Centroids[node], scores);
                    float below = bounds.Below(scores[0], tree.Lengths[node], balls.Radii[node]);
                    Assert.True(below <= nearest, $"{below} of node {node} against {nearest}");
                    useful += metric == Metric.InnerProduct ? 1 : below > 0 ? 1 : 0;
                }
            }
        }

        // Bounds that rule nothing out would hold too.
        if (data is "clusters" or "whole numbers")
            Assert.InRange(useful, 1, int.MaxValue);
    }

    private static void AssertCovered(TreeIndex index)
    {
        (ClusterTree tree, TreeBalls balls, RowList<float>[] leaves) = index.Nodes!.Value;
        var counts = new int[tree.Nodes];
        for (int leaf = 0; leaf < leaves.Length; leaf++)
        {
            for (int node = tree.NodeOf(leaf); node >= 0; node = tree.Parent(node))
            {
                counts[node] += leaves[leaf].Count;
                for (int i = 0; i < leaves[leaf].Count; i++)
                {
                    ReadOnlySpan<float> row = leaves[leaf].Rows.Span.Slice(9 * i, 9);
                    double distance = Math.Sqrt(ExactNeighbors.Distance(Metric.L2, row, tree.Centroids[node]));
                    Assert.True(distance <= balls.Radii[node], $"{distance} in a ball of {balls.Radii[node]}");
                }
            }
        }

        Assert.Equal(counts, balls.Counts);
        Assert.Equal(index.Count + index.RemovedCount, counts[0]);
    }
}
