using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests;

public sealed class RQKMeansTests
{
    private static readonly Matrix Vectors = TestData.Clustered(2000, 24, 1);

    [Fact]
    [Trait("Category", "Kernels")]
    public void Each_code_is_the_nearest_entry_of_what_the_levels_before_left()
    {
        var model = new RQKMeans(new RQKMeansOptions { Levels = 3, Clusters = [20, 7, 33] });
        model.Fit(Vectors);
        SemanticCodes codes = model.Encode(Vectors);
        for (int row = 0; row < Vectors.Rows; row++)
        {
            float[] residual = Vectors[row].ToArray();
            for (int level = 0; level < 3; level++)
            {
                Matrix entries = model.Codebooks[level];
                int nearest = Enumerable.Range(0, entries.Rows).MinBy(entry => TestData.SquaredDistance(residual, entries[entry]));
                Assert.Equal(nearest, codes[row, level]);
                for (int d = 0; d < residual.Length; d++)
                    residual[d] -= entries[nearest][d];
            }
        }
    }

    [Fact]
    public void The_error_falls_level_by_level()
    {
        var model = new RQKMeans(levels: 4, clusters: 32);
        model.Fit(Vectors);
        SemanticCodes codes = model.Encode(Vectors);
        double[] errors = [.. Enumerable.Range(1, 4).Select(levels => TestData.Error(Vectors, model.Decode(First(codes, levels))))];
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.True(errors[3] < 0.5 * errors[0], $"{errors[3]} of {errors[0]}");
    }

    [Fact]
    public void Any_number_of_threads_fits_and_codes_alike()
    {
        foreach (RQKMeansImplementation implementation in Enum.GetValues<RQKMeansImplementation>())
        {
            var options = new RQKMeansOptions { Levels = 2, Clusters = [16], Implementation = implementation, Iterations = 10 };
            RQKMeans one = new(options), four = new(options);
            one.Fit(Vectors, threads: 1);
            four.Fit(Vectors, threads: 4);
            Assert.Equal(one.Encode(Vectors, threads: 1).Values, four.Encode(Vectors, threads: 4).Values);
        }
    }

    [Fact]
    public void Another_seed_finds_other_codebooks()
    {
        RQKMeans first = new(2, 16, seed: 1), second = new(2, 16, seed: 2);
        first.Fit(Vectors);
        second.Fit(Vectors);
        Assert.NotEqual(first.Encode(Vectors).Values.ToArray(), second.Encode(Vectors).Values.ToArray());
    }

    [Fact]
    public void More_runs_of_a_level_never_give_a_worse_one()
    {
        double Error(int redo, ulong seed)
        {
            var model = new RQKMeans(new RQKMeansOptions { Levels = 1, Clusters = [40], Redo = redo, Iterations = 5, Seed = seed });
            model.Fit(Vectors);
            return TestData.Error(Vectors, model.Decode(model.Encode(Vectors)));
        }

        (double One, double Six)[] errors = [.. Enumerable.Range(1, 4).Select(seed => (Error(1, (ulong)seed), Error(6, (ulong)seed)))];
        Assert.All(errors, error => Assert.True(error.Six <= error.One));
        Assert.Contains(errors, error => error.Six < error.One);
    }

    [Fact]
    public void Balanced_codes_are_given_out_equally_and_to_a_later_batch_too()
    {
        var model = new RQKMeans(new RQKMeansOptions { Levels = 2, Clusters = [25], Implementation = RQKMeansImplementation.Constrained, Iterations = 10 });
        model.Fit(Vectors);
        foreach (Matrix batch in (Matrix[])[Vectors, TestData.Clustered(777, 24, 9)])
        {
            SemanticCodes codes = model.Encode(batch);
            for (int level = 0; level < 2; level++)
            {
                int[] sizes = [.. Enumerable.Range(0, batch.Rows).GroupBy(row => codes[row, level]).Select(group => group.Count())];
                Assert.Equal(25, sizes.Length);
                Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
            }
        }
    }

    [Fact]
    public void A_few_items_take_their_nearest_codes_in_balance_too()
    {
        var model = new RQKMeans(new RQKMeansOptions { Levels = 2, Clusters = [25], Implementation = RQKMeansImplementation.Constrained, Iterations = 10 });
        model.Fit(Vectors);
        // Six equal vectors: a fair share of 25 codes would send them to six clusters.
        Matrix same = Vectors.Select([5, 5, 5, 5, 5, 5]);
        Assert.Single(Enumerable.Range(0, 6).Select(row => model.Encode(same)[row, 0]).Distinct());
    }

    [Fact]
    public void Cosine_sees_directions_alone()
    {
        var model = new RQKMeans(new RQKMeansOptions { Levels = 2, Clusters = [16], Metric = Metric.Cosine });
        model.Fit(Vectors);
        float[] longer = Array.ConvertAll(Vectors.Span.ToArray(), value => 4 * value);
        Assert.Equal(model.Encode(Vectors).Values, model.Encode(new Matrix(longer, 24)).Values);
        Assert.All(Enumerable.Range(0, 100), row => Assert.InRange(Length(model.Decode(model.Encode(Vectors))[row]), 0.5, 1.3));
    }

    [Fact]
    public void Scaled_residuals_decode_near_their_vectors()
    {
        var model = new RQKMeans(new RQKMeansOptions { Levels = 3, Clusters = [32], NormalizeResiduals = true });
        model.Fit(Vectors);
        SemanticCodes codes = model.Encode(Vectors);
        double one = TestData.Error(Vectors, model.Decode(First(codes, 1))), all = TestData.Error(Vectors, model.Decode(codes));
        double none = TestData.Error(Vectors, new Matrix(new float[Vectors.Span.Length], 24));
        Assert.True(all < one && one < 0.2 * none, $"{all} {one} {none}");
    }

    [Fact]
    public void The_next_best_codes_differ_on_the_last_level_and_grow_worse()
    {
        var model = new RQKMeans(levels: 3, clusters: 16);
        model.Fit(Vectors);
        SemanticCodes codes = model.Encode(Vectors);
        SemanticCodes next = model.NextBest(Vectors[7], codes[7], 100);
        Assert.Equal(15, next.Rows);
        Assert.All(Enumerable.Range(0, 15), row => Assert.Equal(codes[7][..2], next[row][..2]));
        double[] errors = [.. Enumerable.Range(0, 15).Select(row => TestData.SquaredDistance(Vectors[7], model.Decode(next)[row]))];
        Assert.Equal(errors.Order(), errors);
        Assert.True(errors[0] >= TestData.SquaredDistance(Vectors[7], model.Decode(codes)[7]));
        Assert.Equal(3, model.NextBest(Vectors[7], codes[7], 3).Rows);
    }

    [Fact]
    public void An_encoder_that_was_not_fitted_says_what_to_do()
    {
        var model = new RQKMeans();
        Assert.False(model.IsFitted);
        Assert.Contains("Fit", Assert.Throws<InvalidOperationException>(() => model.Encode(Vectors)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => model.Decode(new SemanticCodes(new int[4], 4)));
    }

    [Fact]
    public void Vectors_that_do_not_fit_are_refused()
    {
        var model = new RQKMeans(levels: 2, clusters: 16);
        Assert.Contains("10 vectors", Assert.Throws<ArgumentException>(() => model.Fit(TestData.Normal(10, 4, 1))).Message, StringComparison.Ordinal);
        float[] bad = TestData.Normal(40, 4, 1).Span.ToArray();
        bad[17] = float.NaN;
        Assert.Contains("Row 4, column 1", Assert.Throws<ArgumentException>(() => model.Fit(new Matrix(bad, 4))).Message, StringComparison.Ordinal);
        model.Fit(Vectors);
        Assert.Contains("dimension is 4", Assert.Throws<ArgumentException>(() => model.Encode(TestData.Normal(10, 4, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Decode(new SemanticCodes(new int[3], 3)));
        Assert.Contains("16 codes", Assert.Throws<ArgumentException>(() => model.Decode(new SemanticCodes(new[] { 0, 16 }, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Levels", () => new RQKMeans(levels: 0));
        Assert.Throws<ArgumentException>("Clusters", () => new RQKMeans(clusters: 0));
        Assert.Throws<ArgumentException>("Clusters", () => new RQKMeans(new RQKMeansOptions { Levels = 3, Clusters = [4, 4] }));
        Assert.Throws<ArgumentOutOfRangeException>("Metric", () => new RQKMeans(new RQKMeansOptions { Metric = Metric.InnerProduct }));
        Assert.Throws<ArgumentOutOfRangeException>("Tolerance", () => new RQKMeans(new RQKMeansOptions { Tolerance = 1 }));
    }

    [Fact]
    public void A_cancelled_fit_leaves_the_encoder_as_it_was()
    {
        var model = new RQKMeans(levels: 2, clusters: 16);
        model.Fit(Vectors);
        int[] before = model.Encode(Vectors).Values.ToArray();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => model.Fit(TestData.Normal(500, 24, 3), cancellationToken: cancelled.Token));
        Assert.Equal(before, model.Encode(Vectors).Values.ToArray());
    }

    private static SemanticCodes First(SemanticCodes codes, int levels) =>
        new(Enumerable.Range(0, codes.Rows).SelectMany(row => codes[row][..levels].ToArray()).ToArray(), levels);

    private static double Length(ReadOnlySpan<float> vector) => Math.Sqrt(TestData.SquaredDistance(vector, new float[vector.Length]));
}
