using Tessera.Colors.Histograms;
using Tessera.Colors.Indexes;
using Tessera.Colors.Spaces;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Colors.Tests.Indexes;

public sealed class AnnIndexTests
{
    private static readonly Matrix Images = PaintedHistograms.Make(2000);

    public static TheoryData<string> Presets() => ["memory", "accuracy", "speed"];

    [Fact]
    public void Adding_and_searching_before_training_are_refused()
    {
        using var index = new AnnIndex();

        Assert.False(index.IsTrained);
        Assert.Contains("trained", Assert.Throws<InvalidOperationException>(() => index.Add(Images)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => index.Search(Images[0], new Neighbor[1]));
        Assert.Throws<InvalidOperationException>(() => index.Save("nowhere"));
        Assert.Equal(0, index.Count);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_trains_adds_and_finds_most_images_by_themselves(string preset)
    {
        ColorConfig config = preset switch { "accuracy" => ColorConfig.AccuracyFocused, "speed" => ColorConfig.SpeedFocused, _ => ColorConfig.MemoryConstrained };
        using AnnIndex index = Built(config, Images);

        Assert.True(index.IsTrained);
        Assert.Equal(Images.Rows, index.Count);
        Assert.Equal(config, index.Config);
        int found = Enumerable.Range(0, 100).Count(image => Search(index, Images[image], 50).Contains(image));
        Assert.True(found >= (preset == "speed" ? 70 : 95), $"{found} of 100");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(10)]
    public void Codes_of_any_number_of_bits_work(int bits)
    {
        using AnnIndex index = Built(new ColorConfig { Lists = 4, Probes = 4, Bits = bits }, Images.Slice(0, 600));

        // 10 bits would want 1,024 vectors; 600 train 9.
        Assert.Equal(Math.Min(bits, 9), index.Config.Bits);
        Assert.Equal(20, Search(index, Images[0], 20).Length);
    }

    [Theory]
    [InlineData(AnnIndexKind.IvfPq)]
    [InlineData(AnnIndexKind.Hnsw)]
    [InlineData(AnnIndexKind.Hybrid)]
    public void Ten_images_work_and_more_than_ten_may_be_asked_for(AnnIndexKind kind)
    {
        Matrix ten = Images.Slice(0, 10);
        using AnnIndex index = Built(new ColorConfig { Kind = kind }, ten);
        var results = new Neighbor[500];

        Assert.Equal(10, index.Search(ten[3], results));
        Assert.Equal(Enumerable.Range(0, 10).Select(id => (long)id), results.Take(10).Select(result => result.Id).Order());
        Assert.All(results.Skip(10), result => Assert.Equal(Neighbor.None, result));
    }

    [Fact]
    public void One_image_works()
    {
        using AnnIndex index = Built(ColorConfig.Default, Images.Slice(0, 1));

        Assert.Equal([0], Search(index, Images[0], 3));
    }

    [Fact]
    public void Few_training_vectors_give_a_warning_and_training_still_succeeds()
    {
        var warnings = new List<string>();
        using var few = new AnnIndex(null, warnings.Add);
        few.Train(Images.Slice(0, 600));
        using var tooFew = new AnnIndex(null, warnings.Add);
        tooFew.Train(Images.Slice(0, 50));
        using var enough = new AnnIndex(new ColorConfig { Lists = 50, Probes = 5 }, warnings.Add);
        enough.Train(Images.Slice(0, 1950));

        Assert.True(few.IsTrained && tooFew.IsTrained && enough.IsTrained);
        Assert.Collection(warnings,
            warning => Assert.Contains("3900", warning, StringComparison.Ordinal),
            warning => Assert.Contains("too few", warning, StringComparison.Ordinal));
        Assert.Equal((1, 5), (tooFew.Config.Lists, tooFew.Config.Bits));
    }

    [Fact]
    public void The_memory_estimate_has_the_formula_and_what_is_measured()
    {
        using AnnIndex index = Built(ColorConfig.Default, Images);

        IReadOnlyDictionary<string, double> memory = index.GetMemoryUsageEstimate();

        Assert.Equal(576, memory["compression_ratio"]);
        Assert.Equal(8, memory["memory_per_vector"]);
        Assert.Equal(4608, memory["raw_memory_per_vector"]);
        Assert.Equal(2000, memory["total_vectors"]);
        Assert.Equal(16_000, memory["estimated_bytes"]);
        // Centroids, codebooks and ids are in it too.
        Assert.True(memory["measured_bytes"] > 16_000 + 100 * 4608 + 256 * 4608, $"{memory["measured_bytes"]}");
        Assert.Equal(memory["measured_bytes"] / 2000, memory["measured_bytes_per_vector"]);
    }

    [Fact]
    public void The_memory_estimate_of_an_untrained_index_is_the_formula()
    {
        using var index = new AnnIndex(ColorConfig.SpeedFocused);

        Assert.Equal(1536, index.GetMemoryUsageEstimate()["compression_ratio"]);
        Assert.Equal(0, index.GetMemoryUsageEstimate()["measured_bytes"]);
    }

    [Fact]
    public void The_index_finds_about_what_a_graph_of_whole_vectors_finds()
    {
        Matrix images = Images.Slice(0, 1000);
        using AnnIndex codes = Built(ColorConfig.Default, images), graph = Built(new ColorConfig { Kind = AnnIndexKind.Hnsw }, images);
        using var exact = new ExactSearch(images, []);
        Matrix queries = PaintedHistograms.Make(50, seed: 2);
        double byCodes = 0, byGraph = 0;
        for (int query = 0; query < queries.Rows; query++)
        {
            long[] truth = exact.Nearest(queries[query], 10);
            byCodes += truth.Intersect(Search(codes, queries[query], 200)).Count() / 500.0;
            byGraph += truth.Intersect(Search(graph, queries[query], 200)).Count() / 500.0;
        }

        Assert.True(byGraph > 0.98, $"{byGraph}");
        Assert.True(byCodes > 0.9, $"{byCodes}");
    }

    [Fact]
    public void A_hybrid_is_a_graph_until_it_is_large_and_keeps_every_id()
    {
        using var index = new AnnIndex(new ColorConfig { Kind = AnnIndexKind.Hybrid, GraphUpTo = 600, Lists = 10 });
        Assert.True(index.IsTrained);
        index.Add(Images.Slice(0, 300), Ids(1000, 300));
        index.Add(Images.Slice(300, 300));
        Assert.IsType<HnswIndex>(index.Inner);
        Assert.Equal(4608, index.GetMemoryUsageEstimate()["raw_memory_per_vector"]);
        Assert.Equal(2, index.Remove([1000, 1001]));

        index.Add(Images.Slice(600, 400));

        Assert.IsType<IvfPqIndex>(index.Inner);
        Assert.Equal(998, index.Count);
        Assert.Equal(8, index.GetMemoryUsageEstimate()["memory_per_vector"]);
        var found = new Neighbor[998];
        Assert.Equal(998, index.Search(Images[0], found, null, probes: 10));
        Assert.Equal(Ids(1002, 998), found.Select(result => result.Id).Order());
    }

    [Fact]
    public async Task Searches_go_on_while_a_hybrid_leaves_its_graph()
    {
        using var index = new AnnIndex(new ColorConfig { Kind = AnnIndexKind.Hybrid, GraphUpTo = 200, Lists = 4, Probes = 4 });
        index.Add(Images.Slice(0, 200));
        using var done = new CancellationTokenSource();
        Task<int> searching = Task.Run(() =>
        {
            int searches = 0;
            for (; !done.IsCancellationRequested || searches == 0; searches++)
                Assert.Equal(50, Search(index, Images[searches % 200], 50).Length);
            return searches;
        });

        for (int start = 200; start < 600; start += 100)
            index.Add(Images.Slice(start, 100));
        await done.CancelAsync();

        Assert.True(await searching > 0);
        Assert.Equal(600, index.Count);
        Assert.IsType<IvfPqIndex>(index.Inner);
    }

    [Fact]
    public void Removed_images_are_not_found_and_updated_ones_are_found_as_they_are_now()
    {
        using AnnIndex index = Built(new ColorConfig { Lists = 4, Probes = 4 }, Images.Slice(0, 500));

        Assert.Equal(1, index.Remove([7, 9999]));
        Assert.DoesNotContain(7, Search(index, Images[7], 499));
        Assert.Equal(1, index.Update(Images.Slice(1900, 1), [8]));

        Assert.Equal(499, index.Count);
        Assert.Contains(8, Search(index, Images[1900], 20));
    }

    [Fact]
    public void A_filter_and_the_number_of_probes_are_heeded()
    {
        using AnnIndex index = Built(ColorConfig.Default, Images);
        var results = new Neighbor[40];

        int found = index.Search(Images[0], results, SearchFilter.Where(id => id % 100 == 5), probes: 1000);

        Assert.Equal(20, found);
        Assert.All(results.Take(found), result => Assert.Equal(5, result.Id % 100));
    }

    [Fact]
    public void An_index_that_was_saved_answers_as_before()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.tsr");
        try
        {
            foreach (ColorConfig config in (ColorConfig[])[ColorConfig.SpeedFocused, new ColorConfig { Kind = AnnIndexKind.Hnsw }])
            {
                using AnnIndex index = Built(config, Images.Slice(0, 400));
                index.Save(path);
                using AnnIndex opened = AnnIndex.Open(path);

                Assert.Equal(config, opened.Config);
                Assert.Equal(400, opened.Count);
                Assert.Equal(Search(index, Images[1500], 30), Search(opened, Images[1500], 30));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_of_other_vectors_is_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.tsr");
        try
        {
            using (var other = new FlatIndex(ColorConfig.TOTAL_BINS))
            {
                other.Add(Images.Slice(0, 3));
                other.Save(path);
            }

            Assert.Contains("histograms", Assert.Throws<TesseraFormatException>(() => AnnIndex.Open(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_colour_between_two_nodes_finds_the_image_of_a_near_colour_before_one_of_a_far_one()
    {
        Matrix images = OfColors("#c03030", "#3030c0", "#30c030", "#ffffff", "#000000");
        using AnnIndex index = Built(ColorConfig.Default with { Kind = AnnIndexKind.Hnsw }, images);

        Assert.Equal(0, Search(index, OfColors("#a02020")[0], 1).Single());
        Assert.Equal(3, Search(index, OfColors("#e8e8e8")[0], 1).Single());
        Assert.Equal(4, Search(index, OfColors("#181818")[0], 1).Single());
    }

    [Fact]
    public void Vectors_of_another_length_are_refused()
    {
        using AnnIndex index = Built(ColorConfig.Default, Images.Slice(0, 10));
        var tooShort = new Matrix(new float[100], 100);

        Assert.Throws<ArgumentException>(() => index.Add(tooShort));
        Assert.Throws<ArgumentException>(() => index.Search(new float[100], new Neighbor[1]));
        Assert.Throws<ArgumentException>(() => new AnnIndex().Train(tooShort));
        Assert.Throws<ArgumentException>(() => index.Add(Images.Slice(0, 2), [1]));
    }

    [Fact]
    public void Training_anew_is_refused_once_vectors_are_coded()
    {
        using AnnIndex index = Built(ColorConfig.Default, Images.Slice(0, 10));

        Assert.Throws<InvalidOperationException>(() => index.Train(Images));
    }

    private static AnnIndex Built(ColorConfig config, Matrix images)
    {
        var index = new AnnIndex(config);
        index.Train(index.GetTrainingSubset(images));
        index.Add(images);
        return index;
    }

    private static long[] Search(AnnIndex index, ReadOnlySpan<float> query, int k)
    {
        var results = new Neighbor[k];
        int found = index.Search(query, results);
        return [.. results.Take(found).Select(result => result.Id)];
    }

    private static long[] Ids(long first, int count) => [.. Enumerable.Range(0, count).Select(i => first + i)];

    private static Matrix OfColors(params string[] colors)
    {
        var values = new float[colors.Length * HistogramGrid.TotalBins];
        for (int i = 0; i < colors.Length; i++)
        {
            Span<float> row = values.AsSpan(i * HistogramGrid.TotalBins, HistogramGrid.TotalBins);
            HistogramGrid.AddTo(row, LabColor.FromRgb(RgbColor.ParseHex(colors[i])), 1);
            ColorHistogram.ToHellinger(row, row);
        }

        return new Matrix(values, HistogramGrid.TotalBins);
    }
}
