using System.Globalization;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Tries;

namespace Tessera.Server.Trees;

/// <summary>Semantic ids as a tree: a node is a prefix of codes, <c>12-20</c>. Items are members and no nodes of their own.</summary>
internal sealed class IdTree : ITreeSource
{
    private const int ItemsInSummary = 3;

    private readonly SemanticIdTrie _trie;
    private readonly IReadOnlyList<KeyValuePair<string, int[]>> _items;
    private readonly string _title;

    public IdTree(SemanticIdTrie trie, IReadOnlyList<KeyValuePair<string, int[]>> items, string title)
    {
        _trie = trie;
        _items = items;
        _title = title;
        Depth = items.Max(item => item.Value.Length);
        Nodes = CountNodes([]);
    }

    public string Kind => Loading.SystemKind.Ids;

    public int Nodes { get; }

    public int Leaves => _trie.Count;

    public int Depth { get; }

    public TreePlace? Find(string id) => PrefixOf(id) is { } prefix && _trie.CountUnder(prefix) > 0 ? Place(prefix) : null;

    public IEnumerable<TreePlace> Children(string id)
    {
        int[] prefix = PrefixOf(id) ?? [];
        return _trie.NextCodes(prefix).Select(code => Place([.. prefix, code]));
    }

    public IReadOnlyList<TreePlace> Path(string id)
    {
        int[] prefix = PrefixOf(id) ?? [];
        return [.. Enumerable.Range(0, prefix.Length + 1).Select(length => Place(prefix[..length]))];
    }

    public IReadOnlyList<TreeMember> Members(string id, int offset, int limit) =>
        [.. _trie.Under(PrefixOf(id) ?? [], (int)Math.Min((long)offset + limit, int.MaxValue)).Skip(offset).Select(item =>
            new TreeMember(IdOf(item.Codes.Span), item.Item, "item") { Text = Written(item.Codes.Span) })];

    public (IReadOnlyList<string>? Words, string? Source) Describe(string id) => default;

    /// <summary>Finds a prefix of codes, and items by their name or its beginning.</summary>
    public IReadOnlyList<TreeHit> Search(string text, int count)
    {
        text = text.Trim();
        var hits = new List<TreeHit>();
        if (IdReader.Parse(text) is { Length: > 0 } prefix && _trie.CountUnder(prefix) > 0)
            hits.Add(new TreeHit(IdOf(prefix), Written(prefix), "prefix", 1, Steps(prefix)));
        foreach ((string item, int[] codes) in _items
            .Where(item => item.Key.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(item => item.Key.Length).ThenBy(item => item.Key, StringComparer.Ordinal)
            .Take(count - hits.Count))
        {
            hits.Add(new TreeHit(IdOf(codes), item, "item", (float)text.Length / item.Length, Steps(codes)));
        }

        return hits;
    }

    private TreePlace Place(int[] prefix)
    {
        int size = _trie.CountUnder(prefix);
        return new TreePlace(
            IdOf(prefix),
            prefix.Length == 0 ? _title : Written(prefix),
            string.Join(", ", _trie.Under(prefix, ItemsInSummary).Select(item => item.Item)) + (size > ItemsInSummary ? ", ..." : ""),
            prefix.Length == 0 ? "root" : "prefix",
            size,
            Depth - prefix.Length,
            _trie.NextCodes(prefix).Length);
    }

    private int CountNodes(int[] prefix) => 1 + _trie.NextCodes(prefix).Sum(code => CountNodes([.. prefix, code]));

    private static string[] Steps(int[] codes) => [.. Enumerable.Range(0, codes.Length + 1).Select(length => IdOf(codes.AsSpan(0, length)))];

    private static string IdOf(ReadOnlySpan<int> prefix) => prefix.Length == 0 ? ITreeSource.Root : Written(prefix);

    private static string Written(ReadOnlySpan<int> codes) => SemanticIdFormat.Plain.Write(codes);

    private int[]? PrefixOf(string id)
    {
        if (id == ITreeSource.Root)
            return [];
        return id.Length <= 12 * Depth && SemanticIdFormat.Plain.Parse(id) is { } prefix && Written(prefix) == id ? prefix : null;
    }
}
