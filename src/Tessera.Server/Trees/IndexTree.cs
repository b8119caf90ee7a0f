using System.Globalization;
using Tessera.Indexes;

namespace Tessera.Server.Trees;

/// <summary>The clusters of an index: nodes are <c>n{number}</c>. Vectors are members and no nodes of their own: there may be many millions.</summary>
internal sealed class IndexTree : ITreeSource
{
    private readonly IndexClusters _clusters;
    private readonly string _title;
    private readonly bool _isTree;
    private readonly int[] _layers;

    /// <param name="index">An index that has clusters.</param>
    /// <param name="clusters">They.</param>
    public IndexTree(VectorIndex index, IndexClusters clusters)
    {
        _clusters = clusters;
        _title = index.Specification;
        _isTree = index is TreeIndex;
        _layers = new int[clusters.Count];
        for (int node = clusters.Count - 1; node > 0; node--)
        {
            int parent = clusters.Parent(node);
            _layers[parent] = Math.Max(_layers[parent], _layers[node] + 1);
        }
    }

    public string Kind => _isTree ? Loading.SystemKind.Index : "kmeans";

    public int Nodes => _clusters.Count;

    public int Leaves => _clusters.Size(0);

    public int Depth => _layers[0];

    public TreePlace? Find(string id) => NumberOf(id) is { } node ? Place(node) : null;

    public IEnumerable<TreePlace> Children(string id)
    {
        int[] children = _clusters.Children(NumberOf(id) ?? 0).ToArray();
        return children.OrderByDescending(_clusters.Size).Select(Place);
    }

    public IReadOnlyList<TreePlace> Path(string id)
    {
        var path = new List<TreePlace>();
        for (int node = NumberOf(id) ?? -1; node >= 0; node = _clusters.Parent(node))
            path.Insert(0, Place(node));
        return path;
    }

    public IReadOnlyList<TreeMember> Members(string id, int offset, int limit)
    {
        var members = new List<TreeMember>();
        Collect(NumberOf(id) ?? 0, ref offset, limit, members);
        return members;
    }

    public (IReadOnlyList<string>? Words, string? Source) Describe(string id) => default;

    /// <summary>Finds the list of a vector by the vector's id, and a list by its number.</summary>
    public IReadOnlyList<TreeHit> Search(string text, int count)
    {
        var hits = new List<TreeHit>();
        if (!long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long wanted))
            return hits;
        for (int node = 0; node < _clusters.Count && hits.Count < count; node++)
        {
            if (_clusters.Members(node).Contains(wanted))
                hits.Add(new TreeHit(VectorId(wanted), Text(wanted), "vector", 1, [.. Path(IdOf(node)).Select(step => step.Id)]));
        }

        if (!_isTree && wanted < _clusters.Count - 1 && hits.Count < count)
            hits.Add(new TreeHit(IdOf((int)wanted + 1), LabelOf((int)wanted + 1), "list", 0.5f, [ITreeSource.Root, IdOf((int)wanted + 1)]));
        return hits;
    }

    private void Collect(int node, ref int offset, int limit, List<TreeMember> members)
    {
        foreach (int child in _clusters.Children(node))
        {
            if (members.Count == limit)
                return;
            if (_clusters.Size(child) <= offset)
                offset -= _clusters.Size(child);
            else
                Collect(child, ref offset, limit, members);
        }

        ReadOnlySpan<long> own = _clusters.Members(node);
        for (; offset < own.Length && members.Count < limit; offset++)
            members.Add(new TreeMember(VectorId(own[offset]), Text(own[offset]), "vector"));
        offset -= Math.Min(offset, own.Length);
    }

    private TreePlace Place(int node) => new(
        IdOf(node),
        LabelOf(node),
        string.Create(CultureInfo.InvariantCulture, $"{_clusters.Size(node):N0} vectors"),
        node == 0 ? "root" : _isTree ? "cluster" : "list",
        _clusters.Size(node),
        _layers[node],
        _clusters.Children(node).Length);

    private string LabelOf(int node) => node == 0 ? _title : _isTree ? $"cluster {Text(node)}" : $"list {Text(node - 1)}";

    private static string IdOf(int node) => node == 0 ? ITreeSource.Root : $"n{Text(node)}";

    private static string VectorId(long id) => $"v{Text(id)}";

    private int? NumberOf(string id) =>
        id == ITreeSource.Root ? 0
        : id.StartsWith('n') && NodeNumber.TryParse(id.AsSpan(1), out int node) && node > 0 && node < _clusters.Count ? node
        : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
