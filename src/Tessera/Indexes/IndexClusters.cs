namespace Tessera.Indexes;

/// <summary>
/// The clusters of an index as they were at one moment, for those who want to look at them: lists of an inverted file under one
/// root, or the nodes of a tree. Node 0 is the root, and parents come before their children. Takes 8 bytes a vector.
/// </summary>
public sealed class IndexClusters
{
    private readonly int[] _parents;
    private readonly int[][] _children;
    private readonly long[][] _members;
    private readonly int[] _sizes;

    /// <param name="parents">The parent of each node, which comes before it; -1 for the first, the root.</param>
    /// <param name="rows">The rows of each node that has no children.</param>
    /// <param name="catalog">Which rows are there, under which ids.</param>
    internal IndexClusters(int[] parents, Func<int, ReadOnlySpan<int>> rows, Catalog catalog)
    {
        _parents = parents;
        _members = new long[parents.Length][];
        _sizes = new int[parents.Length];
        List<int>[] children = [.. parents.Select(_ => new List<int>())];
        for (int node = 1; node < parents.Length; node++)
            children[parents[node]].Add(node);
        _children = [.. children.Select(list => list.ToArray())];
        for (int node = parents.Length - 1; node >= 0; node--)
        {
            _members[node] = _children[node].Length == 0 ? Ids(rows(node), catalog) : [];
            _sizes[node] += _members[node].Length;
            if (node > 0)
                _sizes[parents[node]] += _sizes[node];
        }
    }

    /// <summary>Clusters, the root included.</summary>
    public int Count => _parents.Length;

    /// <summary>The cluster that a cluster lies in; -1 for the root.</summary>
    public int Parent(int node) => _parents[node];

    /// <summary>The clusters that a cluster is divided into; none for a leaf.</summary>
    public ReadOnlySpan<int> Children(int node) => _children[node];

    /// <summary>Vectors in a cluster and all beneath it.</summary>
    public int Size(int node) => _sizes[node];

    /// <summary>The ids of the vectors of a leaf; none for a cluster that is divided.</summary>
    public ReadOnlySpan<long> Members(int node) => _members[node];

    /// <summary>The clusters of lists beneath one root: list number n is node n + 1.</summary>
    internal static IndexClusters OfLists(int lists, Func<int, ReadOnlySpan<int>> rows, Catalog catalog)
    {
        var parents = new int[lists + 1];
        parents[0] = -1;
        return new IndexClusters(parents, node => node == 0 ? default : rows(node - 1), catalog);
    }

    private static long[] Ids(ReadOnlySpan<int> rows, Catalog catalog)
    {
        var ids = new List<long>(rows.Length);
        foreach (int row in rows)
        {
            if (catalog.Live?.Contains(row) ?? true)
                ids.Add(catalog.IdOf(row));
        }

        return [.. ids];
    }
}
