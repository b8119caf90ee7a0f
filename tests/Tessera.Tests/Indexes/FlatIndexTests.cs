using Tessera.Indexes;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class FlatIndexTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric> Metrics() => [Metric.L2, Metric.InnerProduct, Metric.Cosine];

    [Theory]
    [InlineData(Metric.L2)]
    [InlineData(Metric.InnerProduct)]
    public void Answers_on_whole_numbers_equal_brute_force_to_the_bit(Metric metric)
    {
        foreach (int dimension in (int[])[1, 2, 3, 7, 16, 17, 33, 100, 300])
        {
            foreach (int count in (int[])[1, 2, 5, 63, 500])
            {
                // Whole numbers tie often, and no order of adding rounds.
                var vectors = new Matrix(TestVectors.Integers(count * dimension, 1), dimension);
                var queries = new Matrix(TestVectors.Integers(13 * dimension, 2), dimension);
                FlatIndex index = Filled(vectors, metric);
                foreach (int k in (int[])[1, 10, count, count + 3])
                {
                    Neighbor[][] expected = [.. Enumerable.Range(0, 13).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], k))];
                    Assert.Equal(expected, index.OneByOne(queries, k));
                    Assert.Equal(expected, index.Together(queries, k));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Answers_on_real_numbers_equal_brute_force_up_to_rounding(Metric metric)
    {
        foreach (int dimension in (int[])[1, 5, 16, 50, 129])
        {
            Matrix vectors = TestVectors.Normal(700, dimension, 3), queries = TestVectors.Normal(17, dimension, 4);
            Neighbor[][] found = Filled(vectors, metric).Together(queries, 20);
            for (int i = 0; i < queries.Rows; i++)
            {
                float[] expected = [.. ExactNeighbors.Of(metric, vectors, queries[i], 20).Select(answer => answer.Distance)];
                for (int j = 0; j < 20; j++)
                {
                    Assert.Equal(expected[j], found[i][j].Distance, 1e-5f * dimension);
                    Assert.Equal(found[i][j].Distance, ExactNeighbors.Distance(metric, queries[i], vectors[(int)found[i][j].Id]), 1e-5 * dimension);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_batch_answers_as_single_queries_do_to_the_bit(Metric metric)
    {
        foreach (int dimension in (int[])[3, 16, 37, 100])
        {
            // The last lie far from zero, where norms and products share most of their digits.
            foreach (Matrix vectors in (Matrix[])[TestVectors.Normal(1500, dimension, 5), TestVectors.Planted(20, 75, dimension, 0.01f, 6), TestVectors.Normal(1500, dimension, 7).Change((value, _) => value + 300)])
            {
                FlatIndex index = Filled(vectors, metric);
                foreach (int batch in (int[])[1, 2, 4, 7, 8, 12, 13, 100])
                {
                    Matrix queries = vectors.Slice(batch, batch);
                    Neighbor[][] single = index.OneByOne(queries, 10);
                    Assert.Equal(single, index.Together(queries, 10, new SearchOptions { Threads = 1 }));
                    Assert.Equal(single, index.Together(queries, 10, new SearchOptions { Threads = 2 }));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Copies_of_a_vector_are_answered_in_the_order_of_adding(Metric metric)
    {
        foreach (int dimension in (int[])[3, 16, 19, 37, 100])
        {
            // 30 vectors, each 8 times and in all places of the groups of rows that kernels take.
            Matrix distinct = TestVectors.Normal(30, dimension, 8), queries = TestVectors.Normal(9, dimension, 9);
            int[] which = [.. Enumerable.Range(0, 241).Select(i => i * 7 % 30)];
            FlatIndex index = Filled(distinct.Select(which), metric);
            for (int q = 0; q < queries.Rows; q++)
            {
                long[] expected = [.. ExactNeighbors.Of(metric, distinct, queries[q], 30)
                    .SelectMany(answer => which.Index().Where(pair => pair.Item == answer.Id).Select(pair => (long)pair.Index))];
                foreach (int k in (int[])[3, 100, 241])
                {
                    Assert.Equal(expected.Take(k), index.OneByOne(queries.Slice(q, 1), k)[0].Select(answer => answer.Id));
                    Assert.Equal(expected.Take(k), index.Together(queries, k)[q].Select(answer => answer.Id));
                }
            }
        }
    }

    [Fact]
    public void An_empty_index_has_no_answers()
    {
        var index = new FlatIndex(5);
        Matrix queries = TestVectors.Normal(20, 5, 1);

        Assert.Equal(0, index.Count);
        Assert.True(index.IsTrained);
        Assert.All(index.OneByOne(queries, 3), answers => Assert.All(answers, answer => Assert.Equal(Neighbor.None, answer)));
        Assert.All(index.Together(queries, 3), answers => Assert.All(answers, answer => Assert.Equal(Neighbor.None, answer)));
        index.Add(queries.Slice(0, 0), cancellationToken: Cancellation);
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public void No_queries_are_a_batch_too()
    {
        Filled(TestVectors.Normal(20, 5, 1), Metric.L2).Search(new Matrix(Array.Empty<float>(), 5), 3, Array.Empty<Neighbor>(), cancellationToken: Cancellation);
    }

    [Fact]
    public void Vectors_answer_under_the_ids_given_and_else_under_the_next_numbers()
    {
        Matrix vectors = TestVectors.Normal(60, 4, 1);
        var index = new FlatIndex(4);
        index.Add(vectors.Slice(0, 20), cancellationToken: Cancellation);
        index.Add(vectors.Slice(20, 20), [.. Enumerable.Range(0, 20).Select(i => (1L << 40) - i)], cancellationToken: Cancellation);
        index.Add(vectors.Slice(40, 20), cancellationToken: Cancellation);

        long[] nearest = [.. index.OneByOne(vectors, 1).Select(answers => answers[0].Id)];

        Assert.Equal([.. Enumerable.Range(0, 20), .. Enumerable.Range(0, 20).Select(i => (1L << 40) - i), .. Enumerable.Range(1, 20).Select(i => (1L << 40) + i)], nearest);
        Assert.Equal(60, index.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(1024)]
    [InlineData(2700)]
    public void Rows_added_in_pieces_of_any_size_are_all_found(int piece)
    {
        // Chunks hold 1,024 rows of this dimension.
        const int Dimension = 1024;
        Matrix vectors = TestVectors.Normal(2700, Dimension, 1);
        var index = new FlatIndex(Dimension);
        for (int start = 0; start < vectors.Rows; start += piece)
            index.Add(vectors.Slice(start, Math.Min(piece, vectors.Rows - start)), cancellationToken: Cancellation);
        int[] some = [0, 1, 1022, 1023, 1024, 1025, 2047, 2048, 2049, 2699];

        Assert.Equal(2700, index.Count);
        Assert.Equal(some.Select(row => new Neighbor(row, 0)), index.OneByOne(vectors.Select(some), 1).Select(answers => answers[0]));
        Assert.Equal(some.Select(row => new Neighbor(row, 0)), index.Together(vectors.Select(some), 1).Select(answers => answers[0]));
    }

    [Fact]
    public void A_zero_vector_is_at_cosine_distance_1_from_everything()
    {
        float[] values = TestVectors.Normals(50 * 6, 1);
        values.AsSpan(10 * 6, 6).Clear();
        var vectors = new Matrix(values, 6);
        FlatIndex index = Filled(vectors, Metric.Cosine);
        foreach (Neighbor[][] found in (Neighbor[][][])[index.OneByOne(vectors, 50), index.Together(vectors, 50)])
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(1, found[i].Single(answer => answer.Id == 10).Distance);
                Assert.Equal(Enumerable.Range(0, 50), found[i].Select(answer => (int)answer.Id).Order());
            }

            Assert.All(found[10], answer => Assert.Equal(1, answer.Distance));
            Assert.Equal(Enumerable.Range(0, 50), found[10].Select(answer => (int)answer.Id));
        }
    }

    [Fact]
    public void The_length_of_vectors_does_not_matter_to_cosine()
    {
        Matrix vectors = TestVectors.Normal(100, 6, 1);
        Matrix scaled = vectors.Change((value, row) => value * MathF.Pow(10, row % 40 - 20));

        Neighbor[][] found = Filled(scaled, Metric.Cosine).OneByOne(scaled, 5), expected = Filled(vectors, Metric.Cosine).OneByOne(vectors, 5);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(expected[i].Select(answer => answer.Id), found[i].Select(answer => answer.Id));
            Assert.All(expected[i].Zip(found[i]), pair => Assert.Equal(pair.First.Distance, pair.Second.Distance, 1e-6f));
        }
    }

    [Fact]
    public void Training_changes_nothing_and_warns_of_nothing()
    {
        var index = new FlatIndex(4);
        Assert.Empty(index.Train(TestVectors.Normal(3, 4, 1), cancellationToken: Cancellation).Warnings);
        Assert.Equal(0, index.Count);
        Assert.Equal("Flat", index.Specification);
    }

    private static FlatIndex Filled(Matrix vectors, Metric metric)
    {
        var index = new FlatIndex(vectors.Dimension, metric);
        index.Add(vectors, cancellationToken: Cancellation);
        return index;
    }
}
