using System.Runtime.InteropServices;

namespace Tessera.Indexes;

/// <summary>The rows that bear an id: a map that is made when first asked for, and follows its catalog. Ids that are ordinals need none.</summary>
internal sealed class RowsById
{
    private readonly Dictionary<long, int> _last = [];
    private readonly Dictionary<int, int> _earlier = [];
    private readonly List<int> _found = [];
    private object? _numbering;
    private int _rows;

    /// <summary>The rows of an id that are not removed; good until the next call.</summary>
    public List<int> Find(Catalog catalog, long id)
    {
        _found.Clear();
        if (catalog.Ids.IsEmpty)
        {
            if (id >= 0 && id < catalog.Rows && IsLive(catalog, (int)id))
                _found.Add((int)id);
            return _found;
        }

        Follow(catalog);
        bool more = _last.TryGetValue(id, out int row);
        while (more)
        {
            if (IsLive(catalog, row))
                _found.Add(row);
            more = _earlier.TryGetValue(row, out row);
        }

        return _found;
    }

    private void Follow(Catalog catalog)
    {
        if (!ReferenceEquals(_numbering, catalog.Numbering))
        {
            _last.Clear();
            _earlier.Clear();
            _rows = 0;
            _numbering = catalog.Numbering;
        }

        ReadOnlySpan<long> ids = catalog.Ids.Span;
        for (; _rows < catalog.Rows; _rows++)
        {
            ref int last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, ids[_rows], out bool exists);
            if (exists && IsLive(catalog, last))
                _earlier[_rows] = last;
            last = _rows;
        }
    }

    private static bool IsLive(Catalog catalog, int row) => catalog.Live?.Contains(row) ?? true;
}
