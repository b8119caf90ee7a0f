using System.Globalization;
using Tessera.Colors.Histograms;
using Tessera.Colors.Palettes;

namespace Tessera.Colors.Collections;

/// <summary>What filters look at of all images, row by row in the order of their ids. Read-only.</summary>
internal sealed class CatalogColumns
{
    private const int MostFacets = 50;

    private readonly List<string> _folderNames = [];
    private readonly int[] _folders;
    private readonly long[] _fileSizes;
    private readonly long[] _modified;
    private readonly int[] _widths;
    private readonly int[] _heights;
    private readonly ColorClass[] _classes;
    private readonly Dictionary<string, List<int>> _tagged = new(StringComparer.Ordinal);

    public CatalogColumns(List<CatalogRow> rows)
    {
        Ids = new long[rows.Count];
        _folders = new int[rows.Count];
        _fileSizes = new long[rows.Count];
        _modified = new long[rows.Count];
        _widths = new int[rows.Count];
        _heights = new int[rows.Count];
        _classes = new ColorClass[rows.Count];
        var folders = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < rows.Count; i++)
        {
            CatalogRow row = rows[i];
            Ids[i] = row.Id;
            string folder = ImageEntry.FolderOf(row.Path);
            if (!folders.TryGetValue(folder, out int number))
            {
                folders.Add(folder, number = _folderNames.Count);
                _folderNames.Add(folder);
            }

            (_folders[i], _fileSizes[i], _modified[i], _widths[i], _heights[i], _classes[i]) = (number, row.FileSize, row.Modified.Ticks, row.Width, row.Height, row.Class);
            foreach (string tag in row.Tags)
            {
                if (!_tagged.TryGetValue(tag, out List<int>? bearers))
                    _tagged.Add(tag, bearers = []);
                bearers.Add(i);
            }
        }
    }

    /// <summary>Ids, rising.</summary>
    public long[] Ids { get; }

    public int Count => Ids.Length;

    /// <summary>The row of an image, or a negative number.</summary>
    public int RowOf(long id) => Array.BinarySearch(Ids, id);

    /// <summary>The rows that pass.</summary>
    public int[] Select(ImageFilter filter)
    {
        bool[] folders = [.. _folderNames.Select(filter.Admits)];
        IEnumerable<int> candidates = filter.Tag is null ? Enumerable.Range(0, Count) : _tagged.GetValueOrDefault(filter.Tag) ?? [];
        long from = filter.ModifiedFrom?.Ticks ?? long.MinValue, before = filter.ModifiedBefore?.Ticks ?? long.MaxValue;
        return
        [
            .. candidates.Where(row =>
                folders[_folders[row]]
                && _fileSizes[row] >= (filter.MinFileSize ?? 0) && _fileSizes[row] <= (filter.MaxFileSize ?? long.MaxValue)
                && _widths[row] >= (filter.MinWidth ?? 0) && _heights[row] >= (filter.MinHeight ?? 0)
                && _modified[row] >= from && _modified[row] < before
                && (filter.Class is null || _classes[row] == filter.Class))
        ];
    }

    /// <summary>Counts what some rows are; null for all rows.</summary>
    public Facets CountFacets(int[]? rows)
    {
        int images = rows?.Length ?? Count;
        var classes = new Dictionary<ColorClass, int>();
        var folders = new int[_folderNames.Count];
        var years = new Dictionary<int, int>();
        for (int i = 0; i < images; i++)
        {
            int row = rows is null ? i : rows[i];
            classes[_classes[row]] = classes.GetValueOrDefault(_classes[row]) + 1;
            folders[_folders[row]]++;
            int year = new DateTime(_modified[row]).Year;
            years[year] = years.GetValueOrDefault(year) + 1;
        }

        HashSet<int>? chosen = rows is null || _tagged.Count == 0 ? null : [.. rows];
        return new Facets(
            images,
            Ranked(classes.Select(pair => (pair.Key.ToString(), pair.Value))),
            Ranked(_folderNames.Select((name, number) => (name, folders[number]))),
            Ranked(_tagged.Select(pair => (pair.Key, rows is null ? pair.Value.Count : pair.Value.Count(row => chosen!.Contains(row))))),
            Ranked(years.Select(pair => (pair.Key.ToString(CultureInfo.InvariantCulture), pair.Value))));
    }

    private static FacetCount[] Ranked(IEnumerable<(string Value, int Images)> counts) =>
    [
        .. counts
            .Where(count => count.Images > 0)
            .OrderByDescending(count => count.Images)
            .ThenBy(count => count.Value, StringComparer.Ordinal)
            .Take(MostFacets)
            .Select(count => new FacetCount(count.Value, count.Images))
    ];
}
