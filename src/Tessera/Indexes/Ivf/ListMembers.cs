namespace Tessera.Indexes;

/// <summary>Which items belong to which list, the items of a list in their own order: a counting sort.</summary>
internal readonly struct ListMembers
{
    private readonly int[] _first;
    private readonly int[] _items;

    /// <param name="lists">The list of each item.</param>
    /// <param name="count">Number of lists.</param>
    public ListMembers(ReadOnlySpan<int> lists, int count)
    {
        _first = new int[count + 1];
        _items = new int[lists.Length];
        foreach (int list in lists)
            _first[list + 1]++;
        for (int list = 0; list < count; list++)
            _first[list + 1] += _first[list];
        int[] next = _first[..^1];
        for (int item = 0; item < lists.Length; item++)
            _items[next[lists[item]]++] = item;
    }

    /// <summary>The items of one list.</summary>
    public ReadOnlySpan<int> this[int list] => _items.AsSpan(_first[list].._first[list + 1]);
}
