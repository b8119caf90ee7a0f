using System.Diagnostics.CodeAnalysis;
using Tessera.Colors.Collections;
using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Palettes;
using Tessera.Colors.Queries;
using Tessera.Colors.Spaces;
using Tessera.Colors.Transport;
using Tessera.Vectors;

namespace Tessera.Colors.Evaluation;

/// <summary>
/// Generated images by which to judge a search: palettes of 1 to 5 colours, greys, white and black among them, each painted several
/// times in other areas, shades and shapes, with noise. Some palettes have an accent of 5%. The same seed gives the same pixels.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A collection of images, as people say; not of the framework's collections.")]
public sealed class PlantedCollection
{
    /// <summary>The share of an accent.</summary>
    public const float Accent = 0.05f;

    private const int Side = 64;
    private const int MostColors = 5;

    private static readonly string[] Pool =
    [
        "white", "black", "gray", "silver", "dimgray", "red", "darkred", "orange", "gold", "yellow", "olive", "lime", "green", "teal", "cyan",
        "deepskyblue", "blue", "navy", "purple", "magenta", "hotpink", "pink", "saddlebrown", "tan", "salmon", "indigo", "palegreen", "lavender",
    ];

    private SeededRandom _random;

    private PlantedCollection(ulong seed) => _random = new SeededRandom(seed);

    /// <summary>The palettes: colours with areas that add up to 1.</summary>
    public IReadOnlyList<IReadOnlyList<PaletteColor>> Palettes { get; private set; } = [];

    /// <summary>The images.</summary>
    public IReadOnlyList<PlantedImage> Images { get; private set; } = [];

    /// <summary>Generates images.</summary>
    /// <param name="palettes">How many palettes: as many of each number of colours.</param>
    /// <param name="imagesEach">How many images of each.</param>
    /// <param name="seed">Seed of all choices.</param>
    public static PlantedCollection Generate(int palettes = 100, int imagesEach = 20, ulong seed = 42)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(palettes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesEach, 1);
        var collection = new PlantedCollection(seed);
        collection.Palettes = collection.MakePalettes(palettes);
        collection.Images = [.. collection.Palettes.SelectMany((palette, number) => Enumerable.Range(0, imagesEach).Select(_ => collection.Paint(palette, number)))];
        return collection;
    }

    /// <summary>The images as a collection in memory, under ids from 1 on in their order.</summary>
    public ColorCollection ToCollection()
    {
        var catalog = new InMemoryImageCatalog();
        var records = new ImageRecord[Images.Count];
        Parallel.For(0, records.Length, i => records[i] = RecordOf(i));
        catalog.Apply(new CatalogChanges { Stored = records });
        return ColorCollection.Open(catalog);
    }

    /// <summary>The query that asks for a palette.</summary>
    public ColorQuery QueryFor(int palette) => ColorQuery.Of([.. Palettes[palette].Select(part => new ColorTerm(part.Color, part.Share))]);

    /// <summary>Writes the images as PNG files, a folder for each palette.</summary>
    /// <param name="folder">The folder, which is made where it is missing.</param>
    public void WriteTo(string folder)
    {
        for (int i = 0; i < Images.Count; i++)
        {
            string path = Path.Combine(folder, PathOf(i));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, PngWriter.Encode(Images[i].Image));
        }
    }

    private string PathOf(int number) => $"palette-{Images[number].Palette:000}/{number:00000}.png";

    private ImageRecord RecordOf(int number)
    {
        DecodedImage image = Images[number].Image;
        var histogram = new float[HistogramGrid.TotalBins];
        ColorHistogram.Compute(image, histogram);
        IReadOnlyList<PaletteColor> palette = Palette.Extract(image, MostColors);
        var entry = new ImageEntry(0, PathOf(number), image.Rgb.Length, DateTime.UnixEpoch, "", image.Width, image.Height, ColorClasses.Of(palette), palette, []);
        return new ImageRecord(entry, SparseHistogram.Of(histogram));
    }

    private List<IReadOnlyList<PaletteColor>> MakePalettes(int count)
    {
        LabColor[] pool = [.. Pool.Select(name => ColorQuery.Parse(name).Terms[0].Color)];
        var palettes = new List<IReadOnlyList<PaletteColor>>();
        var known = new HashSet<string>();
        while (palettes.Count < count)
        {
            int colors = 1 + palettes.Count % MostColors;
            // The first of one colour are white, black and the greys; later ones come as they come, once all have been.
            int[] chosen = [.. Enumerable.Range(0, colors).Select(_ => _random.Next(pool.Length))];
            if (colors == 1)
                chosen[0] = palettes.Count / MostColors % pool.Length;
            bool isClear = chosen.All(x => chosen.All(y => x == y || pool[x].DistanceTo(pool[y]) >= 30)) && chosen.Distinct().Count() == colors;
            bool isNew = known.Add(string.Join(' ', chosen.Order()));
            if (isClear && (isNew || colors == 1))
                palettes.Add(Shares([.. chosen.Select(i => pool[i])], hasAccent: colors > 1 && palettes.Count % 2 == 0));
        }

        return palettes;
    }

    private PaletteColor[] Shares(LabColor[] colors, bool hasAccent)
    {
        float[] shares = [.. colors.Select(_ => 0.4f + (float)_random.NextDouble())];
        float sum = hasAccent ? shares.Skip(1).Sum() / (1 - Accent) : shares.Sum();
        return [.. colors.Select((color, i) => new PaletteColor(color, hasAccent && i == 0 ? Accent : shares[i] / sum))];
    }

    /// <summary>Paints rectangles or stripes of colours that are a little off, with noise.</summary>
    private PlantedImage Paint(IReadOnlyList<PaletteColor> palette, int number)
    {
        float[] areas = [.. palette.Select(part => part.Share * (0.85f + 0.3f * (float)_random.NextDouble()))];
        float sum = areas.Sum();
        RgbColor[] shades = [.. palette.Select(part => Off(part.Color).ToRgb())];
        int pixels = Side * Side;
        var owners = new byte[pixels];
        float until = 0;
        int next = 0;
        for (int i = 0; i < areas.Length; i++)
        {
            until += areas[i] / sum * pixels;
            for (; next < pixels && (next < until || i == areas.Length - 1); next++)
                owners[next] = (byte)i;
        }

        int tile = 1 << _random.Next(4);
        var rgb = new byte[pixels * 3];
        int[] order = Tiles(tile);
        for (int i = 0; i < pixels; i++)
        {
            RgbColor shade = shades[owners[order[i]]];
            rgb[3 * i] = Noisy(shade.R);
            rgb[3 * i + 1] = Noisy(shade.G);
            rgb[3 * i + 2] = Noisy(shade.B);
        }

        return new PlantedImage(new DecodedImage(rgb, Side, Side, Side, Side), number, [.. palette.Select((part, i) => new PaletteColor(LabColor.FromRgb(shades[i]), areas[i] / sum))]);
    }

    /// <summary>Shuffles tiles of pixels, so that colours come in patches of many sizes.</summary>
    private int[] Tiles(int tile)
    {
        int across = Side / tile;
        int[] tiles = [.. Enumerable.Range(0, across * across)];
        for (int i = tiles.Length - 1; i > 0; i--)
        {
            int other = _random.Next(i + 1);
            (tiles[i], tiles[other]) = (tiles[other], tiles[i]);
        }

        var order = new int[Side * Side];
        for (int i = 0; i < order.Length; i++)
        {
            int place = tiles[i / Side / tile * across + i % Side / tile];
            order[i] = place * tile * tile + i / Side % tile * tile + i % tile;
        }

        return order;
    }

    private LabColor Off(LabColor color) => new(color.L + Jitter(2), color.A + Jitter(2), color.B + Jitter(2));

    private float Jitter(float range) => range * (2 * (float)_random.NextDouble() - 1);

    private byte Noisy(byte value) => (byte)Math.Clamp(value + _random.Next(9) - 4, 0, 255);
}
