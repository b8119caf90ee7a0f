using System.Collections.Frozen;
using Tessera.Kernels;

namespace Tessera.Indexes;

/// <summary>Makes the next catalog of an index from its present one. One writer at a time; nothing is kept of a catalog that was not committed.</summary>
internal sealed class CatalogWriter(Catalog current)
{
    private readonly RowsById _rowsById = new();
    private long[] _room = [];
    private long? _largestId;

    public Catalog Current { get; private set; } = current;

    /// <summary>More rows behind, under the ids given, or else under numbers from the largest id so far + 1 on.</summary>
    public Catalog Append(Catalog before, int added, ReadOnlySpan<long> given)
    {
        int total = before.Rows + added;
        long first = given.IsEmpty ? NextId(added) : 0;
        RowSet? live = before.Live is null ? null : Extend(before.Live, total);
        if (before.Ids.IsEmpty && (given.IsEmpty ? first == before.Rows : AreOrdinals(given, before.Rows)))
            return before with { Rows = total, Live = live };
        if (_room.Length < total)
        {
            var longer = new long[Math.Max(total, (int)Math.Min(2L * _room.Length, Array.MaxLength))];
            before.Ids.Span.CopyTo(longer);
            _room = longer;
        }

        for (int i = before.Ids.Length; i < before.Rows; i++)
            _room[i] = i;
        for (int i = 0; i < added; i++)
            _room[before.Rows + i] = given.IsEmpty ? first + i : given[i];
        return before with { Rows = total, Ids = _room.AsMemory(0, total), Live = live };
    }

    /// <summary>Without the rows of some ids.</summary>
    public Catalog Remove(Catalog before, ReadOnlySpan<long> ids, out int removed)
    {
        ulong[] words = before.Live is null ? All(before.Rows) : before.Live.Words.ToArray();
        foreach (long id in ids)
        {
            foreach (int row in _rowsById.Find(Current, id))
                words[row >> 6] &= ~(1UL << row);
        }

        var live = new RowSet(words, before.Rows);
        removed = before.Count - live.Count;
        return removed == 0 ? before : before with { Live = live };
    }

    /// <summary>New rows behind in the place of those with the same ids, whose tags they take over.</summary>
    public Catalog Replace(ReadOnlySpan<long> ids, out int replaced)
    {
        Catalog next = Append(Remove(Current, ids, out replaced), ids.Length, ids);
        if (Current.Tags.Count == 0 || replaced == 0)
            return next;
        var tags = new Dictionary<string, RowSet>(Current.Tags);
        foreach ((string tag, RowSet rows) in Current.Tags)
        {
            ulong[] words = new RowSet(rows.Words.ToArray(), next.Rows).Words.ToArray();
            for (int i = 0; i < ids.Length; i++)
            {
                if (_rowsById.Find(Current, ids[i]).Exists(rows.Contains))
                    Set(words, Current.Rows + i);
            }

            tags[tag] = new RowSet(words, next.Rows);
        }

        return next with { Tags = tags.ToFrozenDictionary() };
    }

    /// <summary>With a tag on the rows of some ids, or without it; it goes when no row bears it any more.</summary>
    public Catalog Tag(string tag, ReadOnlySpan<long> ids, bool bears)
    {
        var tags = new Dictionary<string, RowSet>(Current.Tags);
        ulong[] words = tags.TryGetValue(tag, out RowSet? rows) ? new RowSet(rows.Words.ToArray(), Current.Rows).Words.ToArray() : new ulong[RowSet.WordsFor(Current.Rows)];
        foreach (long id in ids)
        {
            foreach (int row in _rowsById.Find(Current, id))
            {
                Set(words, row);
                if (!bears)
                    words[row >> 6] &= ~(1UL << row);
            }
        }

        tags[tag] = new RowSet(words, Current.Rows);
        if (tags[tag].Count == 0)
            tags.Remove(tag);
        return Current with { Tags = tags.ToFrozenDictionary() };
    }

    /// <summary>Only the rows that are not removed, numbered anew in their order.</summary>
    public Catalog Compact(ReadOnlySpan<int> kept)
    {
        var ids = new long[kept.Length];
        for (int i = 0; i < kept.Length; i++)
            ids[i] = Current.IdOf(kept[i]);
        var tags = new Dictionary<string, RowSet>();
        foreach ((string tag, RowSet rows) in Current.Tags)
        {
            var words = new ulong[RowSet.WordsFor(kept.Length)];
            for (int i = 0; i < kept.Length; i++)
            {
                if (rows.Contains(kept[i]))
                    Set(words, i);
            }

            var moved = new RowSet(words, kept.Length);
            if (moved.Count > 0)
                tags[tag] = moved;
        }

        // What was removed is not forgotten here: its ids are not given out again.
        _largestId ??= LargestId(Current, 0);
        return Catalog.Of(kept.Length, AreOrdinals(ids, 0) ? default : ids) with { Tags = tags.ToFrozenDictionary() };
    }

    /// <summary>Rows of another catalog behind, with their ids and tags.</summary>
    /// <param name="other">The other catalog.</param>
    /// <param name="rows">Its rows that are taken.</param>
    /// <param name="shift">Whether their ids are raised above all ids so far.</param>
    /// <exception cref="ArgumentException">An id is in both, or too large to be raised.</exception>
    public Catalog Merge(Catalog other, RowSet rows, bool shift)
    {
        ReadOnlySpan<int> members = rows.Members;
        var ids = new long[members.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = other.IdOf(members[i]);
        if (shift && ids.Length > 0)
            Raise(ids);
        else
            RequireOther(ids);
        Catalog next = Append(Current, ids.Length, ids);
        if (other.Tags.Count == 0)
            return next;
        var tags = new Dictionary<string, RowSet>(next.Tags);
        foreach ((string tag, RowSet bearers) in other.Tags)
        {
            var words = new ulong[RowSet.WordsFor(next.Rows)];
            if (tags.TryGetValue(tag, out RowSet? own))
                own.Words.CopyTo(words);
            for (int i = 0; i < members.Length; i++)
            {
                if (bearers.Contains(members[i]))
                    Set(words, Current.Rows + i);
            }

            tags[tag] = new RowSet(words, next.Rows);
            if (tags[tag].Count == 0)
                tags.Remove(tag);
        }

        return next with { Tags = tags.ToFrozenDictionary() };
    }

    private void Raise(long[] ids)
    {
        long largest = 0;
        foreach (long id in ids)
            largest = Math.Max(largest, id);
        long first = NextId(1);
        if (largest > long.MaxValue - first)
            throw new ArgumentException($"Id {largest} of the other index cannot be raised by {first}; give the vectors other ids.");
        for (int i = 0; i < ids.Length; i++)
            ids[i] += first;
    }

    /// <summary>Refuses ids that vectors here bear.</summary>
    private void RequireOther(long[] ids)
    {
        long least = long.MaxValue;
        foreach (long id in ids)
            least = Math.Min(least, id);
        _largestId ??= LargestId(Current, 0);
        if (least > _largestId)
            return;
        foreach (long id in ids)
        {
            if (_rowsById.Find(Current, id).Count > 0)
                throw new ArgumentException($"Id {id} is in both indexes; give the vectors ids of their own, or have those of the other index raised (shiftIds).");
        }
    }

    /// <summary>Makes a catalog the present one, once the index has what it says.</summary>
    public void Commit(Catalog next)
    {
        if (!ReferenceEquals(next.Numbering, Current.Numbering))
            _room = []; // It holds the ids of the numbering before, which searches under way still read.
        else if (_largestId is { } largest)
            _largestId = Math.Max(largest, LargestId(next, Current.Rows));
        Current = next;
    }

    /// <summary>The first of some numbers above all ids so far.</summary>
    private long NextId(int added)
    {
        _largestId ??= LargestId(Current, 0);
        return _largestId.Value <= long.MaxValue - added
            ? _largestId.Value + 1
            : throw new ArgumentException($"The largest id is {_largestId.Value}, so no {added} numbers are left above it; give ids of your own.");
    }

    private static long LargestId(Catalog catalog, int firstRow)
    {
        if (catalog.Ids.IsEmpty)
            return catalog.Rows - 1;
        long largest = -1;
        foreach (long id in catalog.Ids.Span[firstRow..])
            largest = Math.Max(largest, id);
        return largest;
    }

    private static RowSet Extend(RowSet live, int rows)
    {
        ulong[] words = All(rows);
        live.Words.CopyTo(words);
        if (live.Rows % 64 != 0)
            words[live.Rows / 64] |= ulong.MaxValue << live.Rows % 64;
        return new RowSet(words, rows);
    }

    private static ulong[] All(int rows)
    {
        var words = new ulong[RowSet.WordsFor(rows)];
        Array.Fill(words, ulong.MaxValue);
        return words;
    }

    private static void Set(ulong[] words, int row) => words[row >> 6] |= 1UL << row;

    private static bool AreOrdinals(ReadOnlySpan<long> ids, int first)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] != first + i)
                return false;
        }

        return true;
    }
}
