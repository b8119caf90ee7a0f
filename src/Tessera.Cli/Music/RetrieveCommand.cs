using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Music.Retrieval;

namespace Tessera.Cli.Music;

/// <summary><c>tessera music retrieve</c>: patterns like a query.</summary>
internal sealed class RetrieveCommand : CliCommand
{
    private const int ShownTokens = 14;

    private readonly Option<string> _index = MusicOptions.Index(required: true);

    private readonly Option<string> _query = new("--query")
    {
        Description = "Tokens with spaces between, such as \"STYLE=rock TEMPO=120 BAR POS=1 NOTE_ON 36\"; @FILE reads them from a file.",
        HelpName = "TOKENS",
        Required = true,
    };

    private readonly Option<string> _parent = new("--parent") { Description = "The parent genre to search.", HelpName = "GENRE", Required = true };
    private readonly Option<string> _child = new("--child") { Description = "The child genre to prefer.", HelpName = "GENRE" };
    private readonly Option<float> _bias = MusicOptions.ChildBias();
    private readonly Option<int> _k = MusicOptions.Whole("-k", "Patterns to retrieve.", 5, 1);

    public RetrieveCommand()
        : base(
            "retrieve",
            "Find the patterns most like some tokens.",
            "tessera music retrieve --index indices --query \"STYLE=rock TEMPO=120 BAR POS=1 NOTE_ON 36\" --parent rock --child halftime --child-bias 0.3 -k 5")
    {
        Add(_index);
        Add(_query);
        Add(_parent);
        Add(_child);
        Add(_bias);
        Add(_k);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string text = context.Get(_query);
        if (text.StartsWith('@'))
            text = File.ReadAllText(text[1..]);
        string[] query = MusicOptions.Words(text);
        if (query.Length == 0)
            throw new UsageException("--query has no tokens; give some, such as \"STYLE=rock TEMPO=120\".");
        using HierarchicalStyleIndex index = HierarchicalStyleIndex.LoadIndices(context.Get(_index));
        var found = index.RetrieveSimilarPatterns(query, context.Get(_parent), context.Find(_child), context.Get(_bias), context.Get(_k));
        var result = new RetrieveResult([.. found.Select(pattern => new RetrievedPattern(
            Figures.Significant(pattern.Score, 5), Figures.Significant(pattern.Similarity, 5), pattern.Pattern.Weight, pattern.Pattern.ParentGenre, pattern.Pattern.ChildGenre,
            pattern.Pattern.Source, pattern.Pattern.Bar, string.Join(' ', pattern.Pattern.Tokens)))]);
        context.Present(result, MusicJson.Default.RetrieveResult, Render);
    }

    private static void Render(IAnsiConsole console, RetrieveResult result)
    {
        Table table = FigureTable.Columns("score", "similarity", "genre", "bar", "file", "tokens");
        table.Columns[4].LeftAligned();
        table.Columns[5].LeftAligned();
        foreach (RetrievedPattern found in result.Patterns)
        {
            string[] tokens = found.Tokens.Split(' ');
            string shown = string.Join(' ', tokens.SkipWhile(token => token != "BAR").DefaultIfEmpty(found.Tokens).Take(ShownTokens));
            table.AddRow(
                Figures.Fixed(found.Score, 3), Figures.Fixed(found.Similarity, 3), Markup.Escape(found.Child is null ? found.Parent : $"{found.Parent}/{found.Child}"),
                $"{found.Bar + 1}", Markup.Escape(Path.GetFileName(found.Source)), Markup.Escape(shown));
        }

        console.Write(table);
    }
}
