using Tessera.Colors.Histograms;
using Tessera.Colors.Transport;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Transport;

public sealed class SparseHistogramTests
{
    [Fact]
    public void The_smallest_bins_are_left_out_and_the_others_are_a_whole()
    {
        var random = new TestRandom(5);
        var dense = new float[HistogramGrid.TotalBins];
        foreach (ref float mass in dense.AsSpan())
            mass = random.Next(4) == 0 ? MathF.Pow((float)random.NextDouble(), 8) : 0;
        float total = dense.Sum();

        SparseHistogram sparse = SparseHistogram.Of(dense, 0.01f);
        var back = new float[HistogramGrid.TotalBins];
        SparseHistogram.Expand(sparse.Entries, back);

        Assert.Equal(SparseHistogram.Whole, sparse.Entries.ToArray().Sum(SparseHistogram.MassOf));
        Assert.InRange(sparse.Entries.Length, 1, dense.Count(mass => mass > 0) - 1);
        Assert.InRange(dense.Zip(back).Sum(pair => Math.Abs(pair.First / total - pair.Second)), 0, 0.021);
        Assert.Equal(sparse.Entries, SparseHistogram.FromEntries(sparse.Entries).Entries);
    }

    [Fact]
    public void Entries_that_are_no_histogram_are_refused()
    {
        uint half = SparseHistogram.Whole / 2;

        Assert.Throws<ArgumentException>(() => SparseHistogram.FromEntries([]));
        Assert.Throws<ArgumentException>(() => SparseHistogram.FromEntries([half]));
        Assert.Throws<ArgumentException>(() => SparseHistogram.FromEntries([1u << 21 | half, half]));
        Assert.Throws<ArgumentException>(() => SparseHistogram.FromEntries([half, 1152u << 21 | half]));
        Assert.Throws<ArgumentException>(() => SparseHistogram.Of(new float[HistogramGrid.TotalBins]));
    }
}
