using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class BeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(500)]
    public void The_nearest_are_held_in_order_and_equals_in_the_order_of_their_coming(int capacity)
    {
        using var beam = new Beam();
        foreach (ulong seed in (ulong[])[1, 2, 3])
        {
            float[] scores = TestVectors.Integers(300, seed);
            beam.Reset(capacity);
            for (int node = 0; node < scores.Length; node++)
                beam.Insert(scores[node], node);

            (float, int)[] expected = [.. scores.Select((score, node) => (score, node)).OrderBy(entry => entry.score).Take(capacity)];
            Assert.Equal(expected, Enumerable.Range(0, beam.Count).Select(at => (beam.Score(at), beam.Node(at))));
        }
    }

    [Fact]
    public void The_next_node_is_the_nearest_that_was_not_given_yet()
    {
        const int Capacity = 20;
        using var beam = new Beam();
        beam.Reset(Capacity);
        float[] scores = TestVectors.Normals(200, 4);
        var held = new List<int>();
        var given = new HashSet<int>();
        var random = new SeededRandom(5);
        for (int node = 0; node < scores.Length; node++)
        {
            beam.Insert(scores[node], node);
            held = [.. held.Append(node).OrderBy(each => scores[each]).Take(Capacity)];
            if (random.Next(3) != 0)
                continue;
            int expected = held.FirstOrDefault(each => !given.Contains(each), -1);
            Assert.Equal(expected, beam.Next());
            given.Add(expected);
        }

        // A node keeps its number when it is marked.
        Assert.Equal(held, Enumerable.Range(0, beam.Count).Select(beam.Node));
        int left = held.Count(node => !given.Contains(node));
        for (; left > 0; left--)
            Assert.NotEqual(-1, beam.Next());
        Assert.Equal(-1, beam.Next());
    }

    [Fact]
    public void A_score_is_admitted_while_there_is_room_and_then_if_it_is_below_the_last()
    {
        using var beam = new Beam();
        beam.Reset(2);
        Assert.True(beam.Admits(100));
        beam.Insert(5, 0);
        beam.Insert(7, 1);

        Assert.True(beam.Admits(6));
        Assert.False(beam.Admits(7));
        beam.Insert(7, 2);
        Assert.Equal([0, 1], [beam.Node(0), beam.Node(1)]);

        beam.Reset(3);
        Assert.Equal((0, -1), (beam.Count, beam.Next()));
        Assert.True(beam.Admits(float.MaxValue));
    }
}
