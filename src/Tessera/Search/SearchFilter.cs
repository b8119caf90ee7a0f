using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Tessera.Indexes;
using Tessera.Kernels;

namespace Tessera.Search;

/// <summary>
/// Which vectors a search may answer with; applied while searching, so that k answers come back where k vectors pass.
/// A filter is evaluated once for each state of an index and remembers the outcome: make it once and use it for many
/// queries, of several indexes if need be. Safe to use from several threads.
/// </summary>
public abstract class SearchFilter
{
    private readonly ConditionalWeakTable<Catalog, RowSet> _outcomes = [];

    private protected SearchFilter()
    {
    }

    /// <summary>The vectors with these ids; ids that the index does not have do no harm.</summary>
    public static SearchFilter Ids(IEnumerable<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new IdFilter(ids.ToFrozenSet());
    }

    /// <summary>The vectors whose ids pass a test, which is asked once for each vector and must always say the same of an id.</summary>
    public static SearchFilter Where(Func<long, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new PredicateFilter(predicate);
    }

    /// <summary>The vectors that bear a tag (see <see cref="VectorIndex.Tag"/>); none where no vector does.</summary>
    public static SearchFilter Tagged(string tag)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return new TagFilter(tag);
    }

    /// <summary>The vectors that pass both filters.</summary>
    public SearchFilter And(SearchFilter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new JoinedFilter(this, other, both: true);
    }

    /// <summary>The vectors that pass either filter.</summary>
    public SearchFilter Or(SearchFilter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new JoinedFilter(this, other, both: false);
    }

    /// <summary>The vectors that do not pass this filter.</summary>
    public SearchFilter Not() => new OppositeFilter(this);

    /// <summary>The rows that pass and are not removed. The same object comes back for the same catalog.</summary>
    internal RowSet Select(Catalog catalog) =>
        _outcomes.TryGetValue(catalog, out RowSet? known) ? known : _outcomes.GetValue(catalog, Evaluate);

    /// <summary>Sets the bits of the rows that pass, removed or not; bits behind the last row do not matter.</summary>
    /// <param name="catalog">Who is in the index.</param>
    /// <param name="words">A bit for each row, all clear.</param>
    internal abstract void Mark(Catalog catalog, Span<ulong> words);

    private RowSet Evaluate(Catalog catalog)
    {
        var words = new ulong[RowSet.WordsFor(catalog.Rows)];
        Mark(catalog, words);
        if (catalog.Live is { } live)
        {
            for (int i = 0; i < words.Length; i++)
                words[i] &= live.Words[i];
        }

        return new RowSet(words, catalog.Rows);
    }

    private sealed class IdFilter(FrozenSet<long> ids) : SearchFilter
    {
        internal override void Mark(Catalog catalog, Span<ulong> words)
        {
            if (catalog.Ids.IsEmpty)
            {
                foreach (long id in ids)
                {
                    if (id >= 0 && id < catalog.Rows)
                        words[(int)(id >> 6)] |= 1UL << (int)(id & 63);
                }

                return;
            }

            ReadOnlySpan<long> all = catalog.Ids.Span;
            for (int row = 0; row < all.Length; row++)
            {
                if (ids.Contains(all[row]))
                    words[row >> 6] |= 1UL << row;
            }
        }
    }

    private sealed class PredicateFilter(Func<long, bool> predicate) : SearchFilter
    {
        private readonly ConditionalWeakTable<object, Memo> _memos = [];
        private readonly Lock _asking = new();

        /// <summary>Asks only about rows that are new since the last time; whoever comes meanwhile waits for the same answers.</summary>
        internal override void Mark(Catalog catalog, Span<ulong> words)
        {
            lock (_asking)
            {
                int first = 0;
                if (_memos.TryGetValue(catalog.Numbering, out Memo? memo))
                {
                    // An older state may be asked for after a newer one.
                    memo.Words.AsSpan(0, Math.Min(memo.Words.Length, words.Length)).CopyTo(words);
                    first = memo.Rows;
                }

                for (int row = first; row < catalog.Rows; row++)
                {
                    if (predicate(catalog.IdOf(row)))
                        words[row >> 6] |= 1UL << row;
                }

                if (first < catalog.Rows)
                    _memos.AddOrUpdate(catalog.Numbering, new Memo(catalog.Rows, words.ToArray()));
            }
        }

        private sealed record Memo(int Rows, ulong[] Words);
    }

    private sealed class TagFilter(string tag) : SearchFilter
    {
        internal override void Mark(Catalog catalog, Span<ulong> words)
        {
            if (catalog.Tags.TryGetValue(tag, out RowSet? rows))
                rows.Words.CopyTo(words);
        }
    }

    private sealed class JoinedFilter(SearchFilter first, SearchFilter second, bool both) : SearchFilter
    {
        internal override void Mark(Catalog catalog, Span<ulong> words)
        {
            first.Mark(catalog, words);
            var others = new ulong[words.Length];
            second.Mark(catalog, others);
            for (int i = 0; i < words.Length; i++)
                words[i] = both ? words[i] & others[i] : words[i] | others[i];
        }
    }

    private sealed class OppositeFilter(SearchFilter filter) : SearchFilter
    {
        internal override void Mark(Catalog catalog, Span<ulong> words)
        {
            filter.Mark(catalog, words);
            for (int i = 0; i < words.Length; i++)
                words[i] = ~words[i];
        }
    }
}
