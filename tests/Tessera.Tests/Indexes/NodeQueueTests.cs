using Tessera.Indexes;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class NodeQueueTests
{
    [Fact]
    public void Nodes_leave_the_nearest_first_ties_by_number_however_they_came()
    {
        var random = new SeededRandom(1);
        var queue = new NodeQueue();
        var model = new List<Candidate>();
        for (int step = 0; step < 5000; step++)
        {
            if (random.Next(5) < 3)
            {
                var node = new Candidate(random.Next(20), step);
                queue.Push(node);
                model.Add(node);
                continue;
            }

            Assert.Equal(model.Count > 0, queue.TryPop(out Candidate popped));
            if (model.Count == 0)
                continue;
            Candidate nearest = model.OrderBy(node => node.Distance).ThenBy(node => node.Ordinal).First();
            Assert.Equal(nearest, popped);
            model.Remove(nearest);
        }
    }

    [Fact]
    public void Nodes_under_other_distances_leave_by_those()
    {
        var queue = new NodeQueue();
        for (int node = 0; node < 200; node++)
            queue.Push(new Candidate(node * 7 % 200, node));
        float[] distances = [.. queue.Nodes.ToArray().Select(node => -node.Distance)];

        queue.Reorder(distances);

        for (int place = 199; place >= 0; place--)
        {
            Assert.True(queue.TryPop(out Candidate node));
            Assert.Equal((-place, place), ((int)node.Distance, node.Ordinal * 7 % 200));
        }

        Assert.False(queue.TryPop(out _));
    }
}
