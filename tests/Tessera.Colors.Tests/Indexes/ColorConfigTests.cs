using Tessera.Colors.Indexes;

namespace Tessera.Colors.Tests.Indexes;

public sealed class ColorConfigTests
{
    [Fact]
    public void The_defaults_are_those_of_the_reference()
    {
        Assert.Equal(1152, ColorConfig.TOTAL_BINS);
        Assert.Equal((100, 8, 8, 10), (ColorConfig.IVFPQ_NLIST, ColorConfig.IVFPQ_M, ColorConfig.IVFPQ_NBITS, ColorConfig.IVFPQ_NPROBE));
        Assert.Equal((100, 8, 8, 10), Numbers(ColorConfig.Default));
        Assert.Equal(8, ColorConfig.Default.CodeBytes);
    }

    [Fact]
    public void The_three_presets_are_valid_and_as_recommended()
    {
        Assert.Equal((100, 8, 8, 10), Numbers(ColorConfig.MemoryConstrained));
        Assert.Equal((200, 16, 8, 20), Numbers(ColorConfig.AccuracyFocused));
        Assert.Equal((50, 4, 6, 5), Numbers(ColorConfig.SpeedFocused));
        Assert.Equal(3, ColorConfig.SpeedFocused.CodeBytes);
        foreach (ColorConfig preset in (ColorConfig[])[ColorConfig.MemoryConstrained, ColorConfig.AccuracyFocused, ColorConfig.SpeedFocused])
            preset.ValidateConfig();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(9, true)]
    [InlineData(32, true)]
    [InlineData(1152, true)]
    [InlineData(5, false)]
    [InlineData(0, false)]
    [InlineData(-8, false)]
    [InlineData(2304, false)]
    public void M_must_divide_the_bins_evenly(int subquantizers, bool valid) => Validates(new ColorConfig { Subquantizers = subquantizers }, valid, "IVFPQ_M");

    [Theory]
    [InlineData(1, true)]
    [InlineData(16, true)]
    [InlineData(0, false)]
    [InlineData(17, false)]
    public void Bits_are_1_to_16(int bits, bool valid) => Validates(new ColorConfig { Bits = bits }, valid, "IVFPQ_NBITS");

    [Theory]
    [InlineData(1, 100, true)]
    [InlineData(100, 100, true)]
    [InlineData(0, 100, false)]
    [InlineData(101, 100, false)]
    public void Probes_are_1_to_the_number_of_lists(int probes, int lists, bool valid) => Validates(new ColorConfig { Probes = probes, Lists = lists }, valid, "IVFPQ_NPROBE");

    [Fact]
    public void A_gpu_is_refused_rather_than_silently_left_out() =>
        Assert.Contains("GPU", Assert.Throws<NotSupportedException>(() => new AnnIndex(new ColorConfig { UseGpu = true })).Message, StringComparison.Ordinal);

    [Fact]
    public void Environment_variables_change_the_defaults()
    {
        var set = new Dictionary<string, string?> { ["IVFPQ_NLIST"] = "50", ["IVFPQ_NPROBE"] = "5" };

        Assert.Equal((50, 8, 8, 5), Numbers(ColorConfig.FromEnvironment(set.GetValueOrDefault)));
    }

    [Theory]
    [InlineData("many")]
    [InlineData("8.5")]
    public void An_environment_variable_that_is_no_number_is_named(string value) =>
        Assert.Contains("IVFPQ_M", Assert.Throws<FormatException>(() => ColorConfig.FromEnvironment(name => name == "IVFPQ_M" ? value : null)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_environment_variable_out_of_range_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ColorConfig.FromEnvironment(name => name == "IVFPQ_M" ? "7" : null));

    [Theory]
    [InlineData(10, 10)]
    [InlineData(5_000, 5_000)]
    [InlineData(40_000, 9_984)]
    [InlineData(100_000, 16_666)]
    [InlineData(1_000_000, 100_000)]
    public void A_training_subset_is_10_to_20_percent_but_enough_for_every_cell(int images, int size) => Assert.Equal(size, ColorConfig.Default.TrainingSize(images));

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(100_000)]
    public void Settings_for_a_collection_are_valid_and_never_beyond_those_asked_for(int images)
    {
        ColorConfig config = ColorConfig.Default.ForCollection(images);

        config.ValidateConfig();
        Assert.InRange(config.Lists, 1, 100);
        Assert.True(images >= 2 ? 1 << config.Bits <= images : config.Bits == 1);
        Assert.Equal(images >= 256, config == ColorConfig.Default);
    }

    private static void Validates(ColorConfig config, bool valid, string name)
    {
        if (valid)
            config.ValidateConfig();
        else
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(config.ValidateConfig).Message, StringComparison.Ordinal);
    }

    private static (int, int, int, int) Numbers(ColorConfig config) => (config.Lists, config.Subquantizers, config.Bits, config.Probes);
}
