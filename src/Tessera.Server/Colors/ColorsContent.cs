using System.Diagnostics;
using Tessera.Colors.Collections;
using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;
using Tessera.Colors.Transport;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;
using Tessera.Server.Trees;
using Tessera.Stores.Colors;

namespace Tessera.Server.Colors;

/// <summary>A collection of images that is served. Follows what other processes change in it.</summary>
internal sealed class ColorsContent : IServedContent
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly IImageCatalog _catalog;
    private readonly Lock _refreshing = new();
    private volatile CatalogRow[] _byPath;
    private long _looked = Stopwatch.GetTimestamp();

    public ColorsContent(IImageCatalog catalog, ColorCollection collection)
    {
        _catalog = catalog;
        Collection = collection;
        _byPath = Sorted(catalog);
        Thumbnails = new ThumbnailCache(collection);
    }

    public ColorCollection Collection { get; }

    public ThumbnailCache Thumbnails { get; }

    public ITreeSource? Tree => null;

    public IReadOnlyDictionary<string, long> Counts => new Dictionary<string, long> { ["images"] = _byPath.Length };

    /// <summary>Opens what <c>tessera colors index</c> wrote.</summary>
    public static ColorsContent Open(string folder)
    {
        string database = Path.Combine(folder, "catalog.db");
        if (!File.Exists(database))
            throw new FileNotFoundException($"{folder}: is no index of colours; make one with 'tessera colors index'.", database);
        var catalog = new SqliteImageCatalog(database);
        try
        {
            return new ColorsContent(catalog, ColorCollection.Open(catalog, folder));
        }
        catch
        {
            catalog.Dispose();
            throw;
        }
    }

    /// <summary>The image of an id.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public ImageEntry Require(string id) =>
        (NodeNumber.TryParse(id, out int number) ? _catalog.Find(number) : null) ?? throw RequestException.NotFound($"There is no image '{Check.Shown(id)}'.");

    /// <summary>All images that pass a filter, in the order of their paths.</summary>
    /// <returns>Those wanted, and how many there are in all.</returns>
    public (IReadOnlyList<ImageEntry> Images, int Total) Browse(ImageFilter filter, int offset, int count)
    {
        CatalogRow[] passing = [.. _byPath.Where(row => Passes(row, filter))];
        return ([.. passing.Skip(offset).Take(count).Select(row => _catalog.Find(row.Id)).OfType<ImageEntry>()], passing.Length);
    }

    /// <summary>The main colours of an image: as they were found in it, or, where more are wanted, as its histogram has them.</summary>
    public IReadOnlyList<PaletteColor> PaletteOf(ImageEntry image, int count)
    {
        if (count <= image.Palette.Count || _catalog.Histogram(image.Id) is not { } sparse)
            return [.. image.Palette.Take(count)];
        var histogram = new float[HistogramGrid.TotalBins];
        SparseHistogram.Expand(sparse.Entries, histogram);
        return Palette.Extract(histogram, count);
    }

    /// <summary>Takes in what changed since somebody looked last; now and then, as it costs a query.</summary>
    public void Refresh()
    {
        if (Stopwatch.GetElapsedTime(Interlocked.Read(ref _looked)) < LookAgain || !_refreshing.TryEnter())
            return;
        try
        {
            Interlocked.Exchange(ref _looked, Stopwatch.GetTimestamp());
            if (Collection.Refresh())
                _byPath = Sorted(_catalog);
        }
        finally
        {
            _refreshing.Exit();
        }
    }

    public void Dispose()
    {
        Thumbnails.Dispose();
        Collection.Dispose();
    }

    private static CatalogRow[] Sorted(IImageCatalog catalog) => [.. catalog.Rows().OrderBy(row => row.Path, StringComparer.Ordinal)];

    private static bool Passes(CatalogRow row, ImageFilter filter) =>
        (filter.Class is null || row.Class == filter.Class)
        && (filter.Tag is null || row.Tags.Contains(filter.Tag))
        && (string.IsNullOrEmpty(filter.Folder) || row.Path.StartsWith(filter.Folder + "/", StringComparison.Ordinal));
}
