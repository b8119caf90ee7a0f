using System.Globalization;
using Tessera.CodeMap;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;

namespace Tessera.Server.Trees;

/// <summary>A code map as a tree: clusters are <c>c{layer}.{number}</c>, entities <c>e{number}</c>.</summary>
internal sealed class CodeTree : ITreeSource
{
    private const int MostSource = 20_000;

    private readonly CodeMapSnapshot _map;
    private readonly Dictionary<CodeEntity, int> _numbers;

    public CodeTree(CodeMapSnapshot map)
    {
        _map = map;
        _numbers = new Dictionary<CodeEntity, int>(map.Entities.Count, ReferenceEqualityComparer.Instance);
        for (int i = 0; i < map.Entities.Count; i++)
            _numbers.Add(map.Entities[i], i);
        Nodes = 1 + map.Entities.Count + map.Layers.Sum(layer => layer.Clusters.Count);
    }

    public string Kind => Loading.SystemKind.Code;

    public int Nodes { get; }

    public int Leaves => _map.Entities.Count;

    public int Depth => _map.Layers.Count + 1;

    public static string IdOf(CodeCluster cluster) => string.Create(CultureInfo.InvariantCulture, $"c{cluster.Layer}.{cluster.Number}");

    public string IdOf(CodeEntity entity) => string.Create(CultureInfo.InvariantCulture, $"e{_numbers[entity]}");

    public TreePlace? Find(string id) =>
        id == ITreeSource.Root ? Top
        : ClusterOf(id) is { } cluster ? Place(cluster)
        : EntityOf(id) is { } entity ? Place(entity)
        : null;

    public IEnumerable<TreePlace> Children(string id)
    {
        if (id == ITreeSource.Root)
            return _map.Layers.Count == 0 ? _map.Entities.Select(Place) : _map.Layers[^1].Clusters.OrderByDescending(cluster => cluster.Size).Select(Place);
        if (ClusterOf(id) is not { } parent)
            return [];
        return parent.Layer == 1
            ? parent.Members.Select(member => Place(_map.Entities[member]))
            : parent.Members.Select(member => _map.Layers[parent.Layer - 2].Clusters[member]).OrderByDescending(cluster => cluster.Size).Select(Place);
    }

    public IReadOnlyList<TreePlace> Path(string id)
    {
        if (EntityOf(id) is { } entity)
            return [Top, .. _map.PathOf(_numbers[entity]).Select(Place), Place(entity)];
        var path = new List<TreePlace>();
        for (CodeCluster? cluster = ClusterOf(id); cluster is not null; cluster = cluster.Parent is { } parent ? _map.Layers[cluster.Layer].Clusters[parent] : null)
            path.Insert(0, Place(cluster));
        path.Insert(0, Top);
        return path;
    }

    public IReadOnlyList<TreeMember> Members(string id, int offset, int limit)
    {
        IEnumerable<CodeEntity> entities;
        if (EntityOf(id) is { } alone)
            entities = [alone];
        else if (ClusterOf(id) is { } cluster)
            entities = Beneath(cluster).OrderByDescending(member => Product(_map.Vectors[member], cluster.Centroid.Span)).ThenBy(member => member).Select(member => _map.Entities[member]);
        else
            entities = _map.Entities;
        return [.. entities.Skip(offset).Take(limit).Select(Member)];
    }

    public (IReadOnlyList<string>? Words, string? Source) Describe(string id)
    {
        if (ClusterOf(id) is { } cluster)
            return (cluster.Words, null);
        return EntityOf(id) is { } entity ? (null, entity.Source.Length <= MostSource ? entity.Source.ToString() : entity.Source[..MostSource].ToString()) : default;
    }

    public IReadOnlyList<TreeHit> Search(string text, int count) =>
        [.. _map.Query(text, count).Select(answer => new TreeHit(
            IdOf(answer.Entity), answer.Entity.DisplayName, KindOf(answer.Entity), answer.Score,
            [ITreeSource.Root, .. answer.Clusters.Select(IdOf), IdOf(answer.Entity)])
        {
            File = answer.Entity.Path,
            Line = answer.Entity.StartLine,
        })];

    public static string KindOf(CodeEntity entity) => entity.Kind.ToString().ToLowerInvariant();

    private TreePlace Top => new(
        ITreeSource.Root,
        System.IO.Path.GetFileName(_map.Root),
        string.Create(CultureInfo.InvariantCulture, $"{_map.Entities.Count:N0} types and members in {_map.Files:N0} files"),
        "root",
        _map.Entities.Count,
        _map.Layers.Count + 1,
        _map.Layers.Count == 0 ? _map.Entities.Count : _map.Layers[^1].Clusters.Count);

    private static TreePlace Place(CodeCluster cluster) => new(IdOf(cluster), cluster.Label, "", "cluster", cluster.Size, cluster.Layer, cluster.Members.Count);

    private TreePlace Place(CodeEntity entity) => new(IdOf(entity), entity.DisplayName, FirstLine(entity.Documentation), "entity", 1, 0, 0);

    private TreeMember Member(CodeEntity entity) => new(IdOf(entity), entity.DisplayName, KindOf(entity))
    {
        File = entity.Path,
        Line = entity.StartLine,
        EndLine = entity.EndLine,
        Text = entity.Documentation.Length == 0 ? null : entity.Documentation,
    };

    private CodeCluster? ClusterOf(string id)
    {
        int dot = id.IndexOf('.', StringComparison.Ordinal);
        return id.StartsWith('c') && dot > 0
            && NodeNumber.TryParse(id.AsSpan(1, dot - 1), out int layer) && layer >= 1 && layer <= _map.Layers.Count
            && NodeNumber.TryParse(id.AsSpan(dot + 1), out int number) && number < _map.Layers[layer - 1].Clusters.Count
            ? _map.Layers[layer - 1].Clusters[number]
            : null;
    }

    private CodeEntity? EntityOf(string id) =>
        id.StartsWith('e') && NodeNumber.TryParse(id.AsSpan(1), out int number) && number < _map.Entities.Count ? _map.Entities[number] : null;

    private IEnumerable<int> Beneath(CodeCluster cluster) => cluster.Layer == 1
        ? cluster.Members
        : cluster.Members.SelectMany(member => Beneath(_map.Layers[cluster.Layer - 2].Clusters[member]));

    private static string FirstLine(string documentation)
    {
        int end = documentation.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? documentation : documentation[..end];
    }

    private static float Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        float sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
