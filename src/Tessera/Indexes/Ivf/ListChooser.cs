using System.Runtime.CompilerServices;
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
    private readonly ConditionalWeakTable<RowSet, ListShares> _shares = [];

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
            return new ListChoice(allowed, null, probes, k);
        // A set of rows belongs to one state of the index, so its shares stay as they are.
        if (!_shares.TryGetValue(allowed, out ListShares? shares))
        {
            shares = ListShares.Of(allowed, lists, ordinals);
            _shares.AddOrUpdate(allowed, shares);
        }

        return new ListChoice(allowed, shares, probes, k);
    }
}
