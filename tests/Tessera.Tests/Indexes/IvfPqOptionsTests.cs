using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>The rules, presets and memory formula of the reference document.</summary>
public sealed class IvfPqOptionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_presets_have_the_numbers_of_the_reference()
    {
        (int, int, int, int) Numbers(IvfPqOptions options) => (options.Subquantizers, options.Bits, options.Lists, options.Probes);

        Assert.Equal((8, 8, 100, 10), Numbers(IvfPqOptions.MemoryConstrained));
        Assert.Equal((16, 8, 200, 20), Numbers(IvfPqOptions.AccuracyFocused));
        Assert.Equal((4, 6, 50, 5), Numbers(IvfPqOptions.SpeedFocused));
        Assert.Equal((8, 8, 100, 10), Numbers(new IvfPqOptions()));
        foreach (IvfPqOptions preset in (IvfPqOptions[])[IvfPqOptions.MemoryConstrained, IvfPqOptions.AccuracyFocused, IvfPqOptions.SpeedFocused])
        {
            Assert.Equal(RefineStorage.None, preset.Refine);
            preset.Validate(1152);
        }
    }

    [Fact]
    public void Eight_codes_of_8_bits_compress_1152_dimensions_576_times()
    {
        MemoryUsage memory = new IvfPqIndex(1152, IvfPqOptions.MemoryConstrained).Memory;

        Assert.Equal((8, 4608, 576), (memory.CodeBytesPerVector, memory.RawBytesPerVector, memory.CompressionRatio));
        Assert.Equal((0, 0, 0), (memory.Vectors, memory.EstimatedCodeBytes, memory.MeasuredBytesPerVector));
        Assert.Equal(3, new IvfPqIndex(1152, IvfPqOptions.SpeedFocused).Memory.CodeBytesPerVector);
        Assert.Equal(16, new IvfPqIndex(1152, IvfPqOptions.AccuracyFocused).Memory.CodeBytesPerVector);
        Assert.Equal(1, new FlatIndex(1152).Memory.CompressionRatio);
    }

    [Theory]
    [InlineData("subquantizers", "must divide the dimension, 1152; the nearest that do are 6, 8, 9", 7, 8, 100, 10)]
    [InlineData("subquantizers", "must divide the dimension, 1152", 0, 8, 100, 10)]
    [InlineData("bits", "between 1 and 16", 8, 0, 100, 10)]
    [InlineData("bits", "between 1 and 16", 8, 17, 100, 10)]
    [InlineData("Probes", "between 1 and the number of lists, 100", 8, 8, 100, 0)]
    [InlineData("Probes", "between 1 and the number of lists, 100", 8, 8, 100, 101)]
    [InlineData("Probes", "between 1 and the number of lists, 100", 8, 8, 100, -1)]
    [InlineData("Lists", "between 1 and 16777216, or 0 for none", 8, 8, -1, 1)]
    [InlineData("Probes", "between 1 and the number of lists, 1", 8, 8, 0, 2)]
    [InlineData("Lists", "between 1 and 16777216", 8, 8, 16_777_217, 1)]
    [InlineData("Lists", "between 1 and 16777216", 8, 8, int.MinValue, 1)]
    public void Numbers_out_of_range_are_refused_with_what_would_do(string parameter, string problem, int parts, int bits, int lists, int probes)
    {
        var options = new IvfPqOptions { Subquantizers = parts, Bits = bits, Lists = lists, Probes = probes };
        foreach (Action use in (Action[])[() => options.Validate(1152), () => _ = new IvfPqIndex(1152, options)])
        {
            var refusal = Assert.Throws<ArgumentOutOfRangeException>(use);
            Assert.Equal(parameter, refusal.ParamName);
            Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_ends_of_the_ranges_are_allowed()
    {
        new IvfPqOptions { Subquantizers = 1, Bits = 1, Lists = 1, Probes = 1 }.Validate(1);
        new IvfPqOptions { Subquantizers = 1152, Bits = 16, Lists = 1 << 24, Probes = 1 << 24 }.Validate(1152);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 9)]
    [InlineData(10, 10)]
    [InlineData(11, 10)]
    [InlineData(1000, 10)]
    public void Ten_lists_are_visited_by_default_or_all_where_there_are_fewer(int lists, int probes)
    {
        Assert.Equal(probes, new IvfPqOptions { Lists = lists }.Probes);
        Assert.Equal(probes, ((IvfPqIndex)IndexFactory.Create($"IVF{lists},PQ4", 8)).Options.Probes);
        new IvfPqOptions { Lists = lists }.Validate(8);
    }

    [Fact]
    public void Too_few_training_vectors_are_refused_and_few_warn_with_the_number_that_would_be_enough()
    {
        var byLists = new IvfPqIndex(8, new IvfPqOptions { Lists = 50, Subquantizers = 4, Bits = 4 });
        Assert.Equal(50 * 39, byLists.SufficientTrainingVectors);
        Assert.Equal(256 * 39, new IvfPqIndex(8, new IvfPqOptions { Lists = 50, Subquantizers = 4, Bits = 8 }).SufficientTrainingVectors);

        var refusal = Assert.Throws<ArgumentException>(() => byLists.Train(TestVectors.Normal(49, 8, 1), cancellationToken: Cancellation));
        Assert.Equal("sample", refusal.ParamName);
        Assert.Contains("49 training vectors are too few for IVF50,PQ4x4", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("at least 50, better 1950", refusal.Message, StringComparison.Ordinal);
        Assert.False(byLists.IsTrained);

        TrainingReport few = byLists.Train(TestVectors.Normal(1949, 8, 1), cancellationToken: Cancellation);
        string warning = Assert.Single(few.Warnings);
        Assert.Contains("1949 training vectors are few for IVF50,PQ4x4; 1950 would be enough", warning, StringComparison.Ordinal);
        Assert.Equal(1949, few.Vectors);
        Assert.Empty(byLists.Train(TestVectors.Normal(1950, 8, 1), cancellationToken: Cancellation).Warnings);
    }

    [Fact]
    public void Measured_bytes_exceed_the_formula_by_what_the_formula_leaves_out()
    {
        const int Dimension = 64, Count = 8000, Lists = 12;
        Matrix vectors = TestVectors.Normal(Count, Dimension, 1);
        foreach (bool refine in (bool[])[false, true])
        {
            IvfPqIndex index = IvfPqScanTests.Filled(vectors, new IvfPqOptions { Lists = Lists, Subquantizers = 16, Bits = 6, Refine = refine ? RefineStorage.Full : RefineStorage.None });
            MemoryUsage memory = index.Memory;

            Assert.Equal((Count, 12, 12d * Count), (memory.Vectors, memory.CodeBytesPerVector, memory.EstimatedCodeBytes));
            // Beside each code lie its term and ordinal; centroids and codebooks are kept as they are and packed for the product.
            long codes = (12 + 4 + 4) * Count, trained = 2L * Lists * Dimension * 4 + 3L * 64 * Dimension * 4, kept = refine ? 256L * Count : 0;
            Assert.InRange(memory.MeasuredBytes, codes + trained + kept, (long)(1.3 * (codes + trained) + kept * 1.1));
            Assert.Equal((double)memory.MeasuredBytes / Count, memory.MeasuredBytesPerVector);
        }
    }
}
