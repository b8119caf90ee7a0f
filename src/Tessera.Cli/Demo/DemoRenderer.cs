using Spectre.Console;
using Tessera.Cli.Colors;
using Tessera.Cli.Music;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Demo;

/// <summary>Shows the report to a person, from the tree down to what to try next.</summary>
internal sealed class DemoRenderer(IAnsiConsole console)
{
    // A screen or two: more clusters than this below one are counted instead of shown.
    private const int MostChildren = 8;

    // Tests bear whole sentences as names.
    private const int LongestExample = 40;

    public void Render(DemoReport report, string? vectorFile)
    {
        RenderHead(report);
        RenderTree(report);
        foreach (DemoQuery query in report.Queries)
            RenderQuery(query);
        RenderVectors(report.Vectors, report.Entities);
        RenderIds(report.Ids);
        if (report.Music is { } music)
            RenderMusic(music);
        if (report.Colors is { } colors)
            RenderColors(colors);
        RenderAttention(report.Attention);
        RenderTimings(report);
        RenderNext(report, vectorFile);
    }

    private void RenderHead(DemoReport report)
    {
        console.MarkupLineInterpolated($"[bold]The map of {report.Path}[/]");
        string skipped = report.SkippedFiles.Total == 0 ? "" : $" ({Skipped(report)})";
        console.MarkupLineInterpolated($"{Figures.Count(report.Files)} source files{skipped}, {Figures.Count(report.Entities)} types and members, read by syntax and embedded by their words.");
    }

    private static string Skipped(DemoReport report)
    {
        (string Kind, int Count)[] kinds =
        [
            ("huge", report.SkippedFiles.Huge),
            ("binary", report.SkippedFiles.Binary),
            ("generated", report.SkippedFiles.Generated),
            ("unreadable", report.SkippedFiles.Unreadable),
        ];
        return "left out: " + string.Join(", ", kinds.Where(kind => kind.Count > 0).Select(kind => $"{kind.Count} {kind.Kind}"));
    }

    private void RenderTree(DemoReport report)
    {
        string layers = string.Join(" > ", report.Layers.Reverse().Select(layer => Figures.Count(layer.Count)));
        var tree = new Tree(new Markup(Markup.Escape(report.Layers.Count == 1 ? "no clusters" : $"{layers} entities")));
        foreach (DemoCluster cluster in report.Tree)
            AddCluster(tree, cluster);
        console.Write(tree);
        console.MarkupLineInterpolated($"[dim]No further layer: {report.Termination}.[/]");
        console.WriteLine();
    }

    private static void AddCluster(IHasTreeNodes parent, DemoCluster cluster)
    {
        // A cluster of one cluster says nothing that the one does not say.
        while (cluster.Clusters.Count == 1)
            cluster = cluster.Clusters[0];
        string examples = cluster.Examples.Count == 0 ? "" : $"  [dim]{Markup.Escape(string.Join(", ", cluster.Examples.Select(entity => Shortened(entity.Name))))}[/]";
        TreeNode node = parent.AddNode(new Markup($"[bold]{Markup.Escape(cluster.Label)}[/] {Figures.Count(cluster.Size)}{examples}"));
        foreach (DemoCluster child in cluster.Clusters.Take(MostChildren))
            AddCluster(node, child);
        DemoCluster[] rest = [.. cluster.Clusters.Skip(MostChildren)];
        if (rest.Length > 0)
            node.AddNode(new Markup($"[dim]and {rest.Length} more with {Figures.Count(rest.Sum(child => child.Size))}[/]"));
    }

    private static string Shortened(string name) => name.Length <= LongestExample ? name : string.Concat(name.AsSpan(0, LongestExample - 3), "...");

    private void RenderQuery(DemoQuery query)
    {
        console.MarkupLineInterpolated($"[bold]? {query.Text}[/]");
        if (query.Answers.Count == 0)
            console.MarkupLine("  [dim]none of these words occurs in the code[/]");
        foreach (DemoAnswer answer in query.Answers)
        {
            DemoEntity entity = answer.Entity;
            console.MarkupLineInterpolated($"  {Figures.Fixed(answer.Score, 2)}  {entity.Path}:{entity.Line}  [bold]{entity.Name}[/] [dim]{entity.Kind}[/]");
            if (answer.Clusters.Count > 0)
                console.MarkupLineInterpolated($"        [dim]{string.Join(" > ", answer.Clusters)}[/]");
        }

        console.WriteLine();
    }

    private void RenderVectors(IndexComparison vectors, int entities)
    {
        console.MarkupLineInterpolated($"[bold]The {Figures.Count(entities)} vectors of dimension {vectors.Dimension} in an index[/], searched for {vectors.Queries} names, one at a time on one thread");
        Table table = FigureTable.Columns("index", "lists visited", "bytes a vector", "of float32", "recall@10", "queries/s");
        foreach (IndexFigures row in vectors.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Spec),
                row.Lists == 1 ? "" : $"{row.Probes} of {row.Lists}",
                Figures.Fixed(row.BytesPerVector, 0),
                $"1/{vectors.RawBytes / row.BytesPerVector:0.#}",
                Figures.Fixed(row.Recall, 3),
                Figures.Rate(row.Qps));
        }

        if (vectors.Rows.Count > 0)
            console.Write(table);
        foreach (string note in vectors.Notes)
            console.MarkupLineInterpolated($"[dim]{note}[/]");
        console.WriteLine();
    }

    private void RenderIds(DemoIds? ids)
    {
        if (ids is null)
            return;
        console.MarkupLineInterpolated(
            $"[bold]Semantic ids[/] of {ids.Levels} levels x {ids.Clusters} codes: code that is alike begins alike, and {Figures.Fixed(100 * ids.Collisions, 1)}% needed a suffix to be unique. Under {ids.Prefix}:");
        foreach (DemoId id in ids.Alike)
            console.MarkupLineInterpolated($"  {id.Id,-10}  [bold]{id.Entity.Name}[/] [dim]{id.Entity.Kind} {id.Entity.Path}:{id.Entity.Line}[/]");
        console.WriteLine();
    }

    private void RenderMusic(MusicDemo music)
    {
        console.MarkupLineInterpolated($"[bold]Style packs for music[/]: {music.Patterns} bars of grooves and melodies; most like {music.Query}, among rock with a bias to punk:");
        foreach (string similar in music.Similar)
            console.MarkupLineInterpolated($"  {similar}");
        console.WriteLine("A halftime groove by an n-gram model and retrieval:");
        new PianoRollText(music.ToScore()).Render(console);
        console.MarkupLineInterpolated($"[dim]The longest span copied from a pack has {music.LongestCopy} tokens; all of it took {Figures.Seconds(music.Seconds)}.[/]");
        console.WriteLine();
    }

    private void RenderColors(ColorsDemo colors)
    {
        console.MarkupLineInterpolated($"[bold]Images by colour[/]: {colors.Images} generated pictures, {colors.BytesPerImage:0.#} bytes of code each, ranked by optimal transport");
        foreach (ColorsDemoQuery query in colors.Queries)
        {
            console.MarkupLineInterpolated($"[bold]{query.Query}[/] [dim]{query.Milliseconds:0.0} ms[/]");
            foreach (ColorsDemoAnswer answer in query.Answers)
                console.MarkupLine($"  {100 * answer.Similarity,5:0.0} %  {SwatchText.Bar(console, answer.Palette)}");
        }

        console.WriteLine();
    }

    private void RenderAttention(AttentionFigures figures)
    {
        console.MarkupLineInterpolated($"[bold]Attention over a made-up KV cache of {Figures.Count(figures.Tokens)} tokens[/], 8 query heads on 2 key heads, one token on one thread");
        console.WriteLine(
            $"dense {figures.DenseMs:0.00} ms; through the index {figures.BudgetMs:0.00} ms with {100 * figures.CandidateShare:0.0}% scored and an error of {100 * figures.Error:0.00}%");
        console.WriteLine();
    }

    private void RenderTimings(DemoReport report)
    {
        Table table = FigureTable.Pairs();
        DemoTimings timings = report.Timings;
        table.AddRow("reading and parsing", Figures.Seconds(timings.Reading));
        table.AddRow("embedding", Figures.Seconds(timings.Embedding));
        table.AddRow("clustering all layers", Figures.Seconds(timings.Clustering));
        table.AddRow("naming clusters", Figures.Seconds(timings.Naming));
        table.AddRow("indexing for queries", $"{Figures.Seconds(timings.Indexing)}, {Figures.Bytes(report.IndexBytes)}");
        table.AddRow("the map in all", Figures.Seconds(timings.Total));
        if (report.Vectors.BuildSeconds is { } seconds)
            table.AddRow("the coded index beside it", Figures.Seconds(seconds));
        table.AddRow("peak memory", Figures.Bytes(report.PeakMemoryBytes));
        console.Write(table);
        console.WriteLine();
    }

    private void RenderNext(DemoReport report, string? vectorFile)
    {
        console.MarkupLine("[bold]Next[/]");
        console.WriteLine("  tessera demo --query \"a question of your own\"");
        console.WriteLine("  tessera demo --path FOLDER          maps any other code");
        string spec = report.Vectors.Rows.Count == 0 ? "Flat" : report.Vectors.Rows[^1].Spec;
        string file = vectorFile ?? "code.npy";
        if (vectorFile is null)
            console.WriteLine($"  tessera demo --vectors {file}     keeps the vectors, for instance for these:");
        console.WriteLine($"  tessera index build {file} --spec {spec} --metric ip --out code.tsr");
        console.WriteLine($"  tessera cluster {file} -k {Math.Max(2, (int)Math.Sqrt(report.Entities))} --spherical --out centroids.npy");
        console.WriteLine($"  tessera ids fit {file} --levels 3 --clusters 64 --out ids-model");
        console.WriteLine("  tessera music tokenize MIDI-FOLDER --out packs       makes style packs of your own music");
        console.WriteLine("  tessera colors index PICTURES --out pictures.colors  finds your pictures by colour");
        console.WriteLine("  tessera kv bench --tokens 4096,65536");
        console.WriteLine("  tessera --help");
    }
}
