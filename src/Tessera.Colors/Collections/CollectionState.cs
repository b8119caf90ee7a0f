using System.Collections.Concurrent;
using Tessera.Search;

namespace Tessera.Colors.Collections;

/// <summary>A collection at one moment: what searches work on. Read-only.</summary>
internal sealed class CollectionState
{
    private const int MostFilters = 32;

    private readonly int[] _places;
    private readonly uint[][] _recent;
    private readonly ConcurrentDictionary<ImageFilter, (int[] Rows, SearchFilter Filter)> _filters = new();

    /// <param name="columns">What filters look at.</param>
    /// <param name="files">The saved histograms and the index.</param>
    /// <param name="places">For each row its number in the file, or the complement of its number among the recent.</param>
    /// <param name="recent">Histograms that are not in the file.</param>
    /// <param name="revision">The catalogue's revision.</param>
    public CollectionState(CatalogColumns columns, CollectionFiles files, int[] places, uint[][] recent, long revision)
    {
        (Columns, Files, _places, _recent, Revision) = (columns, files, places, recent, revision);
    }

    public CatalogColumns Columns { get; }

    public CollectionFiles Files { get; }

    /// <summary>Images whose histograms are not in the file.</summary>
    public int Recent => _recent.Length;

    public long Revision { get; }

    /// <summary>The histogram of an image.</summary>
    public ReadOnlyMemory<uint> EntriesOf(int row) => _places[row] is >= 0 and int place ? Files.Histograms![place] : _recent[~_places[row]];

    /// <summary>The rows that pass a filter, and the filter for the index; remembered for the filters that were asked for last.</summary>
    public (int[] Rows, SearchFilter Filter) Passing(ImageFilter filter)
    {
        if (_filters.TryGetValue(filter, out var known))
            return known;
        int[] rows = Columns.Select(filter);
        if (_filters.Count >= MostFilters)
            _filters.Clear();
        return _filters.GetOrAdd(filter, (rows, SearchFilter.Ids(rows.Select(row => Columns.Ids[row]))));
    }
}
