using Tessera.SemanticIds.Tries;
using Tessera.Server.Loading;
using Tessera.Server.Trees;

namespace Tessera.Server.Ids;

/// <summary>A list of items and their semantic ids that is served.</summary>
internal sealed class IdsContent : IServedContent
{
    private IdsContent(IReadOnlyList<KeyValuePair<string, int[]>> items, string title)
    {
        Trie = new SemanticIdTrie(items);
        Tree = new IdTree(Trie, items, title);
        Counts = new Dictionary<string, long> { ["items"] = Trie.Count, ["levels"] = Tree.Depth };
    }

    public SemanticIdTrie Trie { get; }

    public ITreeSource Tree { get; }

    public IReadOnlyDictionary<string, long> Counts { get; }

    /// <summary>Reads a file of one item, a tab and its id a line.</summary>
    /// <exception cref="IOException">A line is something else, or there is none.</exception>
    public static IdsContent Read(string file)
    {
        var idOf = new Dictionary<string, int[]>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            int tab = line.LastIndexOf('\t');
            if (tab <= 0 || IdReader.Parse(line[(tab + 1)..]) is not { } codes)
                throw new InvalidDataException($"{file}, line {number}: is no item, tab and id; give a file that 'tessera ids encode --out' wrote.");
            idOf[line[..tab]] = codes;
        }

        return idOf.Count > 0 ? new IdsContent([.. idOf], Path.GetFileName(file)) : throw new InvalidDataException($"{file}: has no ids.");
    }

    public void Dispose()
    {
    }
}
