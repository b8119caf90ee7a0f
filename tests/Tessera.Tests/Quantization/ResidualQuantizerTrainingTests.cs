using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class ResidualQuantizerTrainingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_sample_that_is_too_small_warns_with_the_number_that_would_be_enough()
    {
        var quantizer = new ResidualQuantizer(8, 2, 4);
        Assert.Equal(39 * 16, quantizer.SufficientTrainingVectors);

        TrainingReport few = quantizer.Train(TestVectors.Normal(623, 8, 1), cancellationToken: Cancellation);
        TrainingReport enough = quantizer.Train(TestVectors.Normal(624, 8, 1), cancellationToken: Cancellation);

        Assert.Contains("624 would be enough", Assert.Single(few.Warnings), StringComparison.Ordinal);
        Assert.Empty(enough.Warnings);
        Assert.Equal((623, 624), (few.Vectors, enough.Vectors));
    }

    [Fact]
    public void Fewer_vectors_than_centroids_are_refused_with_what_would_do()
    {
        var quantizer = new ResidualQuantizer(8, 2, 4);

        var refusal = Assert.Throws<ArgumentException>(() => quantizer.Train(TestVectors.Normal(15, 8, 1), cancellationToken: Cancellation));

        Assert.Equal("sample", refusal.ParamName);
        Assert.Contains("at least 16, better 624", refusal.Message, StringComparison.Ordinal);
        Assert.False(quantizer.IsTrained);
        quantizer.Train(TestVectors.Normal(16, 8, 1), cancellationToken: Cancellation);
        Assert.True(quantizer.IsTrained);
    }

    [Theory]
    [InlineData(24, 1)]
    [InlineData(24, 3)]
    [InlineData(300, 1)]
    public void Codebooks_are_the_same_bits_for_any_number_of_threads_and_every_time(int dimension, int beam)
    {
        Matrix sample = TestVectors.Normal(1500, dimension, 1);
        float[] first = Codebooks(sample, beam, threads: 1, seed: 42);

        Assert.Equal(first, Codebooks(sample, beam, threads: 2, seed: 42));
        Assert.Equal(first, Codebooks(sample, beam, threads: 1, seed: 42));
        Assert.NotEqual(first, Codebooks(sample, beam, threads: 1, seed: 43));
    }

    [Fact]
    public void More_vectors_than_the_options_allow_are_sampled()
    {
        Matrix sample = TestVectors.Normal(20_000, 4, 1);
        var few = new BuildOptions { MaxPointsPerCentroid = 1 };
        float[] sampled = Codebooks(sample, few), all = Codebooks(sample, few with { MaxPointsPerCentroid = 0 });

        Assert.NotEqual(all, sampled);
        Assert.Equal(all, Codebooks(sample, few with { MaxPointsPerCentroid = 20_000 }));
    }

    [Fact]
    public void Codebooks_lie_one_after_the_other()
    {
        // The first level takes the places of the groups, far from zero; little is left to the second.
        Matrix sample = TestVectors.Planted(8, 60, 6, 0.01f, 1);
        float[] values = sample.Span.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] += 10;
        var quantizer = new ResidualQuantizer(6, 2, 3);
        quantizer.Train(new Matrix(values, 6), cancellationToken: Cancellation);

        Assert.Equal((2 * 8, 6), (quantizer.Codebooks.Rows, quantizer.Codebooks.Dimension));
        Assert.All(quantizer.Codebooks.Slice(0, 8).Values.ToArray(), value => Assert.InRange(value, 5, 15));
        Assert.All(quantizer.Codebooks.Slice(8, 8).Values.ToArray(), value => Assert.InRange(value, -5, 5));
    }

    [Fact]
    public void An_untrained_quantiser_says_what_to_do()
    {
        var quantizer = new ResidualQuantizer(8, 4, 4);

        Assert.False(quantizer.IsTrained);
        foreach (Action use in (Action[])
            [
                () => quantizer.Encode(TestVectors.Normal(1, 8, 1), new byte[2]),
                () => quantizer.Decode(new byte[2], new float[8]),
                () => _ = quantizer.Codebooks,
            ])
            Assert.Contains("call Train", Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 4, 8, 1, "dimension")]
    [InlineData(8, 0, 8, 1, "levels")]
    [InlineData(8, -1, 8, 1, "levels")]
    [InlineData(int.MaxValue, int.MaxValue, 16, 1, "levels")]
    [InlineData(8, 4, 0, 1, "bits")]
    [InlineData(8, 4, 17, 1, "bits")]
    [InlineData(8, 4, 8, 0, "beam")]
    [InlineData(8, 4, 8, 257, "beam")]
    public void Settings_out_of_range_are_refused_by_name(int dimension, int levels, int bits, int beam, string name)
    {
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new ResidualQuantizer(dimension, levels, bits, beam)).ParamName);
    }

    [Fact]
    public void A_sample_of_another_dimension_or_with_what_is_no_number_is_refused()
    {
        var quantizer = new ResidualQuantizer(8, 4, 4);
        float[] values = TestVectors.Normals(100 * 8, 1);
        values[100] = float.NegativeInfinity;

        Assert.Contains("dimension is 4", Assert.Throws<ArgumentException>(() => quantizer.Train(TestVectors.Normal(100, 4, 1), cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Contains("Row 12, column 4", Assert.Throws<ArgumentException>(() => quantizer.Train(new Matrix(values, 8), cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_training_leaves_the_quantiser_as_it_was()
    {
        var quantizer = new ResidualQuantizer(8, 4, 4);
        Assert.ThrowsAny<OperationCanceledException>(() => quantizer.Train(TestVectors.Normal(100, 8, 1), cancellationToken: new CancellationToken(true)));
        Assert.False(quantizer.IsTrained);

        quantizer.Train(TestVectors.Normal(100, 8, 1), cancellationToken: Cancellation);
        float[] before = quantizer.Codebooks.Span.ToArray();
        using var source = new CancellationTokenSource();
        var cancelAfterOne = new ImmediateProgress<TrainingProgress>(_ => source.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => quantizer.Train(TestVectors.Normal(100, 8, 2), null, cancelAfterOne, source.Token));
        Assert.Equal(before, quantizer.Codebooks.Span.ToArray());
    }

    [Fact]
    public void Progress_is_told_after_each_codebook()
    {
        var reports = new List<TrainingProgress>();
        new ResidualQuantizer(8, 4, 4).Train(TestVectors.Normal(100, 8, 1), null, new ImmediateProgress<TrainingProgress>(reports.Add), Cancellation);

        Assert.Equal(Enumerable.Range(1, 4).Select(i => new TrainingProgress("codebooks", i, 4)), reports);
    }

    private static float[] Codebooks(Matrix sample, int beam, int threads, ulong seed)
    {
        var quantizer = new ResidualQuantizer(sample.Dimension, 3, 5, beam);
        quantizer.Train(sample, new BuildOptions { Threads = threads, Seed = seed }, cancellationToken: Cancellation);
        return quantizer.Codebooks.Span.ToArray();
    }

    private static float[] Codebooks(Matrix sample, BuildOptions options)
    {
        var quantizer = new ResidualQuantizer(sample.Dimension, 2, 2);
        quantizer.Train(sample, options, cancellationToken: Cancellation);
        return quantizer.Codebooks.Span.ToArray();
    }
}
