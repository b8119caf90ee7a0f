using Tessera.Kernels;
using Tessera.Search;

namespace Tessera.Indexes;

/// <summary>
/// How searches of an inverted file choose their lists: without a filter the nearest; with one, as many of the nearest as
/// together hold the number of vectors that pass which the search would look at without a filter, and at least k.
/// </summary>
/// <param name="ordinals">The ordinals of the vectors of a list.</param>
internal sealed class ListChooser<TList>(Func<TList, ReadOnlyMemory<int>> ordinals)
{
    private ListShares? _last;

    /// <param name="catalog">Who is in the index.</param>
    /// <param name="lists">Its lists.</param>
    /// <param name="filter">The search's filter.</param>
    /// <param name="probes">Lists to visit where all vectors pass.</param>
    /// <param name="k">Answers wanted.</param>
    /// <param name="counted">Whether to look at enough vectors even if little is removed and nothing filtered.</param>
    public ListChoice For(Catalog catalog, TList[] lists, SearchFilter? filter, int probes, int k, bool counted)
    {
        RowSet? allowed = catalog.Select(filter);
        if (allowed is null || (filter is null && allowed.Share > 0.5 && !counted))
            return new ListChoice(allowed, null, probes, 0);
        ListShares? shares = Volatile.Read(ref _last);
        if (!ReferenceEquals(shares?.Allowed, allowed))
        {
            shares = ListShares.Of(allowed, lists, ordinals);
            Volatile.Write(ref _last, shares);
        }

        return new ListChoice(allowed, shares, probes, Math.Max(k, (long)probes * catalog.Rows / lists.Length));
    }
}
