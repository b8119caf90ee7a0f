using System.Runtime.InteropServices;

namespace Tessera.Indexes;

/// <summary>Which queries of a batch visit which lists, noted query by query and read list by list.</summary>
internal sealed class ListVisits
{
    private readonly List<int> _lists = [];
    private readonly List<int> _queries = [];

    public void Clear()
    {
        _lists.Clear();
        _queries.Clear();
    }

    public void Add(int list, int query)
    {
        _lists.Add(list);
        _queries.Add(query);
    }

    /// <summary>The visits in the order of the lists, those of one list in the order of the queries.</summary>
    /// <param name="lists">Number of lists.</param>
    /// <returns>The queries that visit each list.</returns>
    public int[][] ByList(int lists)
    {
        var members = new ListMembers(CollectionsMarshal.AsSpan(_lists), lists);
        var visitors = new int[lists][];
        for (int list = 0; list < lists; list++)
        {
            ReadOnlySpan<int> visits = members[list];
            visitors[list] = visits.IsEmpty ? [] : new int[visits.Length];
            for (int i = 0; i < visits.Length; i++)
                visitors[list][i] = _queries[visits[i]];
        }

        return visitors;
    }
}
