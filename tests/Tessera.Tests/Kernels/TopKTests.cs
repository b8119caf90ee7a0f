using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class TopKTests
{
    [Fact]
    public void The_best_are_kept_in_order_with_ties_to_the_lower_ordinal()
    {
        foreach (int k in (int[])[1, 2, 3, 7, 8, 10, 100])
        {
            foreach (int count in (int[])[0, 1, 2, 9, 10, 11, 300])
            {
                // Few different distances, so that most of them tie.
                float[] distances = TestVectors.Integers(count, (ulong)(k * 1000 + count));
                Candidate[] expected = [.. distances.Select((distance, i) => new Candidate(distance, i)).OrderBy(c => c.Distance).ThenBy(c => c.Ordinal).Take(k)];

                Assert.Equal(expected, Best(k, distances, Enumerable.Range(0, count)));
            }
        }
    }

    [Fact]
    public void Distances_that_lie_together_are_offered_as_one_by_one()
    {
        foreach (int k in (int[])[1, 5, 40])
        {
            foreach (int count in (int[])[0, 1, 7, 8, 15, 16, 17, 33, 500])
            {
                float[] distances = TestVectors.Integers(count, (ulong)(k + count));
                if (count > 20)
                    (distances[3], distances[20]) = (float.NaN, float.NegativeInfinity);
                var top = new TopK(new Candidate[k]);
                top.PushAll(distances.AsSpan(0, count / 2), 7);
                top.PushAll(distances.AsSpan(count / 2), 7 + count / 2);

                Candidate[] expected = [.. Best(k, distances, Enumerable.Range(0, count)).Select(c => c with { Ordinal = c.Ordinal + 7 })];
                Assert.Equal(expected, top.Sort().ToArray());

                // The same from last to first, which only their own ordinals tell.
                Array.Reverse(distances);
                var named = new TopK(new Candidate[k]);
                int[] ordinals = [.. Enumerable.Range(0, count).Select(i => 7 + count - 1 - i)];
                named.PushAll(distances, ordinals);
                Assert.Equal(expected, named.Sort().ToArray());
            }
        }
    }

    [Fact]
    public void The_order_of_the_stream_does_not_matter()
    {
        float[] distances = TestVectors.Integers(200, 1);
        Candidate[] forward = Best(20, distances, Enumerable.Range(0, 200));
        var random = new SeededRandom(2);
        for (int shuffle = 0; shuffle < 20; shuffle++)
        {
            int[] order = [.. Enumerable.Range(0, 200)];
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = random.Next(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }

            Assert.Equal(forward, Best(20, distances, order));
        }
    }

    [Fact]
    public void The_threshold_is_infinite_until_full_and_then_the_worst_held()
    {
        var top = new TopK(new Candidate[3]);
        float[] thresholds = new float[6];
        float[] distances = [5, 1, 9, 4, 7, 0];
        for (int i = 0; i < distances.Length; i++)
        {
            top.Push(distances[i], i);
            thresholds[i] = top.Threshold;
        }

        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity, 9, 5, 5, 4], thresholds);
    }

    [Fact]
    public void What_is_no_number_never_enters()
    {
        float[] distances = [float.NaN, 2, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1];

        Assert.Equal([4, 6, 1, 3], Best(5, distances, Enumerable.Range(0, 7)).Select(c => c.Ordinal));
        Assert.Equal([4, 6], Best(2, distances, Enumerable.Range(0, 7)).Select(c => c.Ordinal));
    }

    [Fact]
    public void A_heap_can_be_left_and_taken_up_again()
    {
        float[] distances = TestVectors.Integers(100, 3);
        var heap = new Candidate[10];
        int count = 0;
        for (int i = 0; i < 100; i++)
        {
            TopK top = TopK.Resume(heap, count);
            top.Push(distances[i], i);
            count = top.Count;
        }

        Assert.Equal(Best(10, distances, Enumerable.Range(0, 100)), TopK.Resume(heap, count).Sort().ToArray());
    }

    private static Candidate[] Best(int k, float[] distances, IEnumerable<int> order)
    {
        var top = new TopK(new Candidate[k]);
        foreach (int i in order)
            top.Push(distances[i], i);
        return top.Sort().ToArray();
    }
}
