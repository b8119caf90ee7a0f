using System.Globalization;
using Tessera.Colors.Collections;
using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;
using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;
using Tessera.Vectors;

namespace Tessera.Colors.Evaluation;

/// <summary>
/// A catalogue of images that were never there, for measuring large collections: each image's colours are made up anew from its id
/// whenever they are asked for, so that it takes no room. Nothing in it can be changed.
/// </summary>
/// <param name="images">How many.</param>
/// <param name="seed">Seed of all colours.</param>
public sealed class SyntheticCatalog(int images, ulong seed = 42) : IImageCatalog
{
    private const int Points = 40;

    /// <inheritdoc/>
    public string? Root { get; set; }

    /// <inheritdoc/>
    public long Revision => 1;

    /// <inheritdoc/>
    public long IndexedRevision { get; set; }

    /// <inheritdoc/>
    public IEnumerable<CatalogRow> Rows() => Enumerable.Range(1, images).Select(id => new CatalogRow(id, 1, PathOf(id), 100_000, DateTime.UnixEpoch, 1024, 768, ClassOf(id), []));

    /// <inheritdoc/>
    public IReadOnlyList<KnownFile> Files() => [];

    /// <inheritdoc/>
    public ImageEntry? Find(long id) => id < 1 || id > images
        ? null
        : new ImageEntry(id, PathOf(id), 100_000, DateTime.UnixEpoch, "", 1024, 768, ClassOf(id), Colors(new SeededRandom(seed, (ulong)id)), []);

    /// <inheritdoc/>
    public SparseHistogram? Histogram(long id)
    {
        if (id < 1 || id > images)
            return null;
        var random = new SeededRandom(seed, (ulong)id);
        PaletteColor[] colors = Colors(random);
        // The spread comes from a stream of its own, so that it does not matter how many numbers the colours took.
        random = new SeededRandom(seed + 1, (ulong)id);
        Span<float> histogram = stackalloc float[HistogramGrid.TotalBins];
        histogram.Clear();
        foreach (PaletteColor part in colors)
        {
            float spread = 1 + 8 * (float)random.NextDouble();
            for (int i = 0; i < Points; i++)
            {
                var shade = new LabColor(
                    part.Color.L + 1.5f * spread * (float)random.NextNormal(), part.Color.A + spread * (float)random.NextNormal(), part.Color.B + spread * (float)random.NextNormal());
                HistogramGrid.AddTo(histogram, shade, part.Share / Points);
            }
        }

        return SparseHistogram.Of(histogram);
    }

    /// <inheritdoc/>
    public void Apply(CatalogChanges changes) => throw new NotSupportedException("A synthetic catalogue cannot be changed.");

    /// <inheritdoc/>
    public void SetTags(long id, IEnumerable<string> tags) => throw new NotSupportedException("A synthetic catalogue cannot be changed.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string PathOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{id % 100}/{id}.jpg");

    private static ColorClass ClassOf(long id) => ColorClasses.All[(int)(id % ColorClasses.All.Count)];

    /// <summary>Two to six colours, mostly dull as in photographs, the largest first.</summary>
    private static PaletteColor[] Colors(SeededRandom random)
    {
        var parts = new PaletteColor[2 + random.Next(5)];
        float sum = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            float share = 0.05f + (float)random.NextDouble();
            sum += share;
            var color = new LabColor(100 * (float)random.NextDouble(), 22 * (float)random.NextNormal(), 26 * (float)random.NextNormal());
            parts[i] = new PaletteColor(HistogramGrid.Clamp(color), share);
        }

        return [.. parts.Select(part => part with { Share = part.Share / sum }).OrderByDescending(part => part.Share)];
    }
}
