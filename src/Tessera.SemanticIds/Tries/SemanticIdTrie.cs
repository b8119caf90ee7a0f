namespace Tessera.SemanticIds.Tries;

/// <summary>
/// Items in the order of their codes, which is a trie without nodes: the items under a prefix lie side by side, and a step down
/// is a binary search. For prefix search, and for language models that must write ids that exist: what may come next is known
/// at every step. Immutable; several threads may read at once.
/// Time of a step O(log n) for each code that may come next; memory one reference and two spans an item.
/// </summary>
public sealed class SemanticIdTrie
{
    private readonly int[][] _codes;
    private readonly string[] _items;

    /// <summary>Sorts items.</summary>
    /// <param name="items">What each item is known by, and its codes, which may differ in length (a suffix is one more code); several items may have the same codes.</param>
    /// <exception cref="ArgumentException">An item has no codes.</exception>
    public SemanticIdTrie(IEnumerable<KeyValuePair<string, int[]>> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        KeyValuePair<string, int[]>[] sorted = [.. items.OrderBy(item => item.Value, Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))];
        _items = Array.ConvertAll(sorted, item => item.Key);
        _codes = Array.ConvertAll(sorted, item => item.Value);
        int empty = Array.FindIndex(_codes, codes => codes.Length == 0);
        if (empty >= 0)
            throw new ArgumentException($"Item '{_items[empty]}' has no codes.", nameof(items));
    }

    /// <summary>Sorts items of equal levels.</summary>
    /// <param name="codes">One row for each item.</param>
    /// <param name="items">What each item is known by.</param>
    /// <exception cref="ArgumentException">There are not as many items as rows.</exception>
    public SemanticIdTrie(SemanticCodes codes, IReadOnlyList<string> items)
        : this(Pairs(codes, items))
    {
    }

    /// <summary>Sorts the ids that a store has given out.</summary>
    /// <param name="assignments">Items and ids.</param>
    /// <param name="format">Reads ids; null for <see cref="SemanticIdFormat.Plain"/>.</param>
    /// <exception cref="ArgumentException">An id is none of this format.</exception>
    public static SemanticIdTrie Of(IEnumerable<Uniqueness.IdAssignment> assignments, SemanticIdFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(assignments);
        format ??= SemanticIdFormat.Plain;
        return new SemanticIdTrie(assignments.Select(assignment => KeyValuePair.Create(
            assignment.Item,
            format.Parse(assignment.Id) ?? throw new ArgumentException($"'{assignment.Id}' of item '{assignment.Item}' is no id of this format.", nameof(assignments)))));
    }

    /// <summary>Items.</summary>
    public int Count => _items.Length;

    /// <summary>Items whose codes begin with a prefix; all for the empty one.</summary>
    public int CountUnder(ReadOnlySpan<int> prefix)
    {
        (int start, int end) = Range(prefix, 0, Count);
        return end - start;
    }

    /// <summary>The items whose codes begin with a prefix, in the order of their codes.</summary>
    /// <param name="prefix">Codes from the first level on.</param>
    /// <param name="most">Most items to give.</param>
    public IReadOnlyList<PrefixNeighbor> Under(ReadOnlySpan<int> prefix, int most = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        (int start, int end) = Range(prefix, 0, Count);
        int length = prefix.Length;
        return [.. Enumerable.Range(start, Math.Min(most, end - start)).Select(place => At(place, length))];
    }

    /// <summary>Whether an item has exactly these codes: where a decoder may stop.</summary>
    public bool Contains(ReadOnlySpan<int> codes)
    {
        (int start, int end) = Range(codes, 0, Count);
        // The shortest of those that begin so comes first.
        return start < end && _codes[start].Length == codes.Length;
    }

    /// <summary>The codes that may come behind a prefix, ascending.</summary>
    public int[] NextCodes(ReadOnlySpan<int> prefix)
    {
        var next = new List<int>();
        (int start, int end) = Range(prefix, 0, Count);
        while (start < end)
        {
            if (_codes[start].Length == prefix.Length)
            {
                start++;
                continue;
            }

            int code = _codes[start][prefix.Length];
            next.Add(code);
            start = FirstAbove(prefix.Length, code, start, end);
        }

        return [.. next];
    }

    /// <summary>Marks the codes that may come behind a prefix: the mask of a decoder that is to write nothing but ids that exist.</summary>
    /// <param name="prefix">Codes from the first level on.</param>
    /// <param name="allowed">One place for each code of the next level; codes beyond it are left out.</param>
    /// <returns>How many codes may come.</returns>
    public int Mask(ReadOnlySpan<int> prefix, Span<bool> allowed)
    {
        allowed.Clear();
        int count = 0;
        foreach (int code in NextCodes(prefix))
        {
            if (code >= allowed.Length)
                break;
            allowed[code] = true;
            count++;
        }

        return count;
    }

    /// <summary>The items that share most codes with some, from the first level on: those under the whole, then those under one code less.</summary>
    /// <param name="codes">Codes, such as those of an item, which then is among the answers.</param>
    /// <param name="k">Most items to give, at least 1.</param>
    public IReadOnlyList<PrefixNeighbor> Neighbors(ReadOnlySpan<int> codes, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var neighbors = new List<PrefixNeighbor>();
        (int Start, int End) done = (0, 0);
        for (int length = codes.Length; length >= 0 && neighbors.Count < k; length--)
        {
            (int start, int end) = Range(codes[..length], 0, Count);
            for (int place = start; place < end && neighbors.Count < k; place++)
            {
                if (place >= done.Start && place < done.End)
                    place = done.End - 1;
                else
                    neighbors.Add(At(place, length));
            }

            if (start < end)
                done = (start, end);
        }

        return neighbors;
    }

    private PrefixNeighbor At(int place, int common) => new(_items[place], _codes[place], common);

    private static IEnumerable<KeyValuePair<string, int[]>> Pairs(SemanticCodes codes, IReadOnlyList<string> items)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count != codes.Rows)
            throw new ArgumentException($"There are {items.Count} items for {codes.Rows} rows of codes.", nameof(items));
        return Enumerable.Range(0, items.Count).Select(row => KeyValuePair.Create(items[row], codes[row].ToArray()));
    }

    /// <summary>Where the items that begin with a prefix lie, within some places that share all but the prefix.</summary>
    private (int Start, int End) Range(ReadOnlySpan<int> prefix, int start, int end)
    {
        for (int level = 0; level < prefix.Length && start < end; level++)
        {
            // Those that end before this level come first, as if they had -1 there.
            start = FirstAbove(level, prefix[level] - 1, start, end);
            end = FirstAbove(level, prefix[level], start, end);
        }

        return (start, end);
    }

    /// <summary>The first place whose code on a level is above one.</summary>
    private int FirstAbove(int level, int code, int start, int end)
    {
        while (start < end)
        {
            int middle = start + (end - start) / 2;
            if (_codes[middle].Length <= level || _codes[middle][level] <= code)
                start = middle + 1;
            else
                end = middle;
        }

        return start;
    }
}
