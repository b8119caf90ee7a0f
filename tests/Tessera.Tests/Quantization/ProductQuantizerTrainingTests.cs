using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Quantization;

public sealed class ProductQuantizerTrainingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_sample_that_is_too_small_warns_with_the_number_that_would_be_enough()
    {
        var quantizer = new ProductQuantizer(8, 4, 4);
        Assert.Equal(39 * 16, quantizer.SufficientTrainingVectors);

        TrainingReport few = quantizer.Train(TestVectors.Normal(623, 8, 1), cancellationToken: Cancellation);
        TrainingReport enough = quantizer.Train(TestVectors.Normal(624, 8, 1), cancellationToken: Cancellation);

        string warning = Assert.Single(few.Warnings);
        Assert.Contains("623 training vectors are few", warning, StringComparison.Ordinal);
        Assert.Contains("624 would be enough", warning, StringComparison.Ordinal);
        Assert.Empty(enough.Warnings);
        Assert.Equal((623, 624), (few.Vectors, enough.Vectors));
    }

    [Fact]
    public void Fewer_vectors_than_centroids_are_refused_with_what_would_do()
    {
        var quantizer = new ProductQuantizer(8, 4, 4);

        var refusal = Assert.Throws<ArgumentException>(() => quantizer.Train(TestVectors.Normal(15, 8, 1), cancellationToken: Cancellation));

        Assert.Equal("sample", refusal.ParamName);
        Assert.Contains("15 training vectors are too few", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("at least 16, better 624", refusal.Message, StringComparison.Ordinal);
        Assert.False(quantizer.IsTrained);
        quantizer.Train(TestVectors.Normal(16, 8, 1), cancellationToken: Cancellation);
        Assert.True(quantizer.IsTrained);
    }

    [Fact]
    public void Codebooks_are_the_same_bits_for_any_number_of_threads_and_every_time()
    {
        Matrix sample = TestVectors.Normal(1500, 24, 1);
        float[] first = Codebooks(sample, threads: 1, seed: 42);

        Assert.Equal(first, Codebooks(sample, threads: 2, seed: 42));
        Assert.Equal(first, Codebooks(sample, threads: 1, seed: 42));
        Assert.NotEqual(first, Codebooks(sample, threads: 1, seed: 43));
    }

    [Fact]
    public void Codebooks_lie_one_after_the_other()
    {
        // Part m's numbers are all near 100 m, and so are its centroids.
        float[] values = TestVectors.Normals(300 * 6, 1);
        for (int i = 0; i < values.Length; i++)
            values[i] += 100 * (i % 6 / 2);
        var quantizer = new ProductQuantizer(6, 3, 3);
        quantizer.Train(new Matrix(values, 6), cancellationToken: Cancellation);

        Assert.Equal((3 * 8, 2), (quantizer.Codebooks.Rows, quantizer.Codebooks.Dimension));
        for (int row = 0; row < 24; row++)
            Assert.All(quantizer.Codebooks[row].ToArray(), value => Assert.InRange(value, 100 * (row / 8) - 10, 100 * (row / 8) + 10));
    }

    [Fact]
    public void An_untrained_quantiser_says_what_to_do()
    {
        var quantizer = new ProductQuantizer(8, 4, 4);

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
    [InlineData(10, 3, "2, 5, 1")]
    [InlineData(784, 100, "98, 112, 56")]
    [InlineData(7, 8, "7, 1")]
    [InlineData(8, 0, "1, 2, 4")]
    [InlineData(8, -3, "1, 2, 4")]
    [InlineData(int.MaxValue, 2, "1, 2147483647")]
    public void Subquantizers_that_do_not_divide_the_dimension_are_refused_with_those_that_do(int dimension, int parts, string near)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new ProductQuantizer(dimension, parts, 8));

        Assert.Equal("subquantizers", refusal.ParamName);
        Assert.Contains($"must divide the dimension, {dimension}", refusal.Message, StringComparison.Ordinal);
        foreach (string number in near.Split(", "))
            Assert.Matches($@"\b{number}\b", refusal.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(17)]
    [InlineData(int.MaxValue)]
    public void Bits_are_1_to_16(int bits)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new ProductQuantizer(8, 4, bits));

        Assert.Equal("bits", refusal.ParamName);
        Assert.Contains("between 1 and 16", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(4, new ProductQuantizer(8, 4, 1).Subquantizers);
        Assert.Equal(65_536, new ProductQuantizer(8, 4, 16).Centroids);
    }

    [Fact]
    public void A_dimension_below_1_is_refused()
    {
        Assert.Equal("dimension", Assert.Throws<ArgumentOutOfRangeException>(() => new ProductQuantizer(0, 1, 8)).ParamName);
        Assert.Equal("dimension", Assert.Throws<ArgumentOutOfRangeException>(() => new ProductQuantizer(-4, 1, 8)).ParamName);
    }

    [Fact]
    public void A_sample_of_another_dimension_or_with_what_is_no_number_is_refused()
    {
        var quantizer = new ProductQuantizer(8, 4, 4);
        float[] values = TestVectors.Normals(100 * 8, 1);
        values[100] = float.NegativeInfinity;

        Assert.Contains("dimension is 4", Assert.Throws<ArgumentException>(() => quantizer.Train(TestVectors.Normal(100, 4, 1), cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
        Assert.Contains("Row 12, column 4", Assert.Throws<ArgumentException>(() => quantizer.Train(new Matrix(values, 8), cancellationToken: Cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_their_own_names()
    {
        var quantizer = new ProductQuantizer(8, 4, 4);
        foreach ((string name, BuildOptions options) in ((string, BuildOptions)[])
            [
                (nameof(BuildOptions.Threads), new BuildOptions { Threads = -1 }),
                (nameof(BuildOptions.CoarseIterations), new BuildOptions { CoarseIterations = 0 }),
                (nameof(BuildOptions.CodebookIterations), new BuildOptions { CodebookIterations = 0 }),
                (nameof(BuildOptions.MaxPointsPerCentroid), new BuildOptions { MaxPointsPerCentroid = -1 }),
            ])
        {
            var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => quantizer.Train(TestVectors.Normal(100, 8, 1), options, cancellationToken: Cancellation));
            Assert.Equal(name, refusal.ParamName);
        }
    }

    [Fact]
    public void Cancelled_training_leaves_the_quantiser_as_it_was()
    {
        var quantizer = new ProductQuantizer(8, 4, 4);
        Assert.ThrowsAny<OperationCanceledException>(() => quantizer.Train(TestVectors.Normal(100, 8, 1), cancellationToken: new CancellationToken(true)));
        Assert.False(quantizer.IsTrained);

        quantizer.Train(TestVectors.Normal(100, 8, 1), cancellationToken: Cancellation);
        float[] before = quantizer.Codebooks.Span.ToArray();
        using var source = new CancellationTokenSource();
        var cancelAfterOne = new ImmediateProgress<TrainingProgress>(_ => source.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => quantizer.Train(TestVectors.Normal(100, 8, 2), new BuildOptions { Threads = 1 }, cancelAfterOne, source.Token));
        Assert.Equal(before, quantizer.Codebooks.Span.ToArray());
    }

    [Fact]
    public void Progress_is_told_after_each_codebook()
    {
        var reports = new List<TrainingProgress>();
        new ProductQuantizer(8, 4, 4).Train(TestVectors.Normal(100, 8, 1), new BuildOptions { Threads = 1 }, new ImmediateProgress<TrainingProgress>(reports.Add), Cancellation);

        Assert.Equal(Enumerable.Range(1, 4).Select(i => new TrainingProgress("codebooks", i, 4)), reports);
    }

    private static float[] Codebooks(Matrix sample, int threads, ulong seed)
    {
        var quantizer = new ProductQuantizer(24, 6, 6);
        quantizer.Train(sample, new BuildOptions { Threads = threads, Seed = seed }, cancellationToken: Cancellation);
        return quantizer.Codebooks.Span.ToArray();
    }
}
