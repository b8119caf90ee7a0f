using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.SemanticIds;
using Tessera.SemanticIds.Tries;

namespace Tessera.Cli.Ids;

/// <summary><c>tessera ids find</c>: the items under a prefix of ids.</summary>
internal sealed class FindCommand : CliCommand
{
    // A line of a screen; all of them stand in the JSON.
    private const int MostCodesShown = 24;

    private readonly Argument<string> _model = new("MODEL") { Description = "The folder of a model." };

    private readonly Argument<string> _prefix = new("PREFIX") { Description = "The beginning of an id, 12-5 or <a_12><b_5>." };

    private readonly Option<string> _ids = new("--ids") { Description = "The file of items and ids that 'ids encode --out' wrote.", HelpName = "FILE", Required = true };

    private readonly Option<int> _k = new Option<int>("-k") { Description = "Most items to show.", DefaultValueFactory = _ => 10 }.AtLeast(1);

    public FindCommand()
        : base("find", "Find the items whose ids begin alike.", "tessera ids find ids-model 12-5 --ids ids.tsv")
    {
        Add(_model);
        Add(_prefix);
        Add(_ids);
        Add(_k);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        SemanticEncoder encoder = SemanticEncoder.Load(context.Get(_model));
        string text = context.Get(_prefix);
        int[] prefix = Parse(text) ?? throw new UsageException($"PREFIX is '{text}'; give codes as 12-5 or <a_12><b_5>.");
        CheckCodes(prefix, encoder);
        IReadOnlyList<ItemId> ids = IdList.Read(context.Get(_ids));
        var idOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ItemId pair in ids)
            idOf[pair.Item] = pair.Id;
        var trie = new SemanticIdTrie(idOf.Select(pair => KeyValuePair.Create(
            pair.Key, Parse(pair.Value) ?? throw new FailureException($"{context.Get(_ids)}: '{pair.Value}' of item '{pair.Key}' is no id; give a file that 'ids encode' wrote."))));

        int k = context.Get(_k);
        IReadOnlyList<PrefixNeighbor> found = trie.Under(prefix, k);
        IReadOnlyList<PrefixNeighbor> nearest = found.Count > 0 ? [] : [.. trie.Neighbors(prefix, k).Where(neighbor => neighbor.CommonPrefix > 0)];
        ItemId[] Shown(IEnumerable<PrefixNeighbor> items) => [.. items.Select(item => new ItemId(item.Item, idOf[item.Item]))];
        var result = new FindResult(prefix, trie.CountUnder(prefix), Shown(found), trie.NextCodes(prefix), Shown(nearest));
        int codes = prefix.Length < encoder.Levels ? encoder.Clusters[prefix.Length] : 0;
        context.Present(result, IdsJson.Default.FindResult, (console, shown) => Render(console, shown, text, codes));
    }

    private static int[]? Parse(string id) => SemanticIdFormat.Plain.Parse(id) ?? SemanticIdFormat.Tokens.Parse(id);

    private static void CheckCodes(int[] prefix, SemanticEncoder encoder)
    {
        for (int level = 0; level < Math.Min(prefix.Length, encoder.Levels); level++)
        {
            if (prefix[level] >= encoder.Clusters[level])
                throw new UsageException($"PREFIX has {prefix[level]} on level {level + 1}, which has codes 0 to {encoder.Clusters[level] - 1}.");
        }
    }

    private static void Render(IAnsiConsole console, FindResult result, string prefix, int codes)
    {
        if (result.Count == 0)
        {
            console.MarkupLineInterpolated($"No item is under [bold]{prefix}[/]{(result.Nearest.Count > 0 ? "; these share most of it:" : ".")}");
            Write(console, result.Nearest);
            return;
        }

        console.MarkupLineInterpolated($"[bold]{Figures.Count(result.Count)}[/] items are under [bold]{prefix}[/]{(result.Count > result.Items.Count ? $"; the first {result.Items.Count}:" : ":")}");
        Write(console, result.Items);
        if (result.NextCodes.Count > 0)
        {
            string more = result.NextCodes.Count > MostCodesShown ? ", ..." : "";
            string of = codes > 0 ? $" of {codes}" : "";
            console.MarkupLineInterpolated($"[dim]{result.NextCodes.Count}{of} codes may come next: {string.Join(", ", result.NextCodes.Take(MostCodesShown))}{more}[/]");
        }
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<ItemId> items)
    {
        if (items.Count == 0)
            return;
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("id");
        table.AddColumn("item");
        foreach (ItemId item in items)
            table.AddRow(Markup.Escape(item.Id), Markup.Escape(item.Item));
        console.Write(table);
    }
}
