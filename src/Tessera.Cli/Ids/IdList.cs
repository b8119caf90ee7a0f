using System.Text;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Ids;

/// <summary>Items and ids as text: one item a line, a tab, its id.</summary>
internal static class IdList
{
    public static string Line(string item, string id) => $"{item}\t{id}";

    public static void Write(string path, IReadOnlyList<string> items, IReadOnlyList<string> ids)
    {
        var text = new StringBuilder();
        for (int i = 0; i < ids.Count; i++)
            text.Append(Line(items[i], ids[i])).Append('\n');
        OutputFile.WriteText(path, text.ToString());
    }

    public static IReadOnlyList<ItemId> Read(string path)
    {
        var ids = new List<ItemId>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            int tab = line.LastIndexOf('\t');
            if (tab <= 0 || tab == line.Length - 1)
                throw new FailureException($"{path}, line {number}: is no item, tab and id; give a file that 'tessera ids encode --out' wrote.");
            ids.Add(new ItemId(line[..tab], line[(tab + 1)..]));
        }

        return ids.Count > 0 ? ids : throw new FailureException($"{path}: has no ids.");
    }

    /// <summary>Refuses names that would break the lines.</summary>
    public static void CheckNames(IReadOnlyList<string> items)
    {
        int bad = items.ToList().FindIndex(item => item.AsSpan().IndexOfAny('\t', '\n', '\r') >= 0 || item.Length == 0);
        if (bad >= 0)
            throw new FailureException($"Item number {bad} has a name that is empty or holds a tab or the end of a line; rename it.");
    }
}
