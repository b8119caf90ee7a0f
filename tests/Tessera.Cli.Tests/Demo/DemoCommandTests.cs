using System.Text.Json;
using Tessera.Cli.Demo;
using Tessera.Cli.Tests.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Demo;

public sealed class DemoCommandTests
{
    [Fact]
    public void Json_has_the_tree_the_answers_the_figures_and_the_times()
    {
        using var sources = Sources();

        JsonElement json = CommandLine.Run("demo", "--path", sources.Folder, "--query", "pay an invoice", "--json").Json();

        Assert.Equal(
            ["path", "files", "skipped_files", "entities", "layers", "termination_reason", "termination", "tree", "queries", "vectors", "ids", "attention", "timings", "index_bytes", "peak_memory_bytes", "music", "colors"],
            json.Names());
        Assert.Equal(40, json.Number("files"));
        Assert.Equal(200, json.Number("entities"));
        Assert.Equal([200, 14, 4, 2], json.GetProperty("layers").EnumerateArray().Select(layer => layer.Number("count")));
        Assert.Equal("too_few_clusters", json.GetProperty("termination_reason").GetString());
        Assert.Equal(200, json.GetProperty("tree").EnumerateArray().Sum(cluster => cluster.Number("size")));
        Assert.All(json.GetProperty("tree").EnumerateArray(), cluster => Assert.Equal(cluster.Number("size"), SizeOfLeaves(cluster)));

        JsonElement query = Assert.Single(json.GetProperty("queries").EnumerateArray());
        Assert.Equal("pay an invoice", query.GetProperty("text").GetString());
        JsonElement entity = query.GetProperty("answers")[0].GetProperty("entity");
        Assert.StartsWith("Invoices/", entity.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, query.GetProperty("answers")[0].GetProperty("clusters").GetArrayLength());

        JsonElement exact = Assert.Single(json.GetProperty("vectors").GetProperty("rows").EnumerateArray());
        Assert.Equal(("Flat", 4096, 1), (exact.GetProperty("spec").GetString(), exact.Number("bytes_per_vector"), exact.Number("recall")));
        Assert.True(exact.Number("qps") > 0);

        JsonElement ids = json.GetProperty("ids");
        Assert.Equal((3, 25), (ids.Number("levels"), ids.Number("clusters")));
        string prefix = ids.GetProperty("prefix").GetString()!;
        Assert.NotEmpty(ids.GetProperty("alike").EnumerateArray());
        Assert.All(ids.GetProperty("alike").EnumerateArray(), id => Assert.StartsWith(prefix + "-", id.GetProperty("id").GetString(), StringComparison.Ordinal));
        Assert.True(json.GetProperty("timings").Number("total") > 0);
        Assert.True(json.Number("peak_memory_bytes") > 1_000_000);
    }

    [Fact]
    public void Many_entities_are_also_measured_in_codes()
    {
        using var sources = Sources(filesOfEach: 110);

        JsonElement vectors = CommandLine.Run("demo", "--path", sources.Folder, "--json").Json().GetProperty("vectors");

        Assert.Equal(
            ["Flat", "IVF32,PQ128", "IVF32,PQ128", "IVF32,PQ128"],
            vectors.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("spec").GetString()));
        double[] recalls = [.. vectors.GetProperty("rows").EnumerateArray().Skip(1).Select(row => row.Number("recall"))];
        Assert.Equal(recalls.Order(), recalls);
        Assert.InRange(recalls[^1], 0.7, 1);
        Assert.All(vectors.GetProperty("rows").EnumerateArray().Skip(1), row => Assert.Equal(128, row.Number("bytes_per_vector")));
    }

    [Fact]
    public void People_get_a_tree_answers_figures_and_what_to_try_next()
    {
        using var sources = Sources();

        CommandLineResult result = CommandLine.Run("demo", "--path", sources.Folder);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] parts = ["2 > 4 > 14 > 200 entities", "├── ", "No further layer: layer 3 has 2 clusters", "? ", ".cs:", "recall@10", "Style packs for music", "kick", "peak memory", "Next", "tessera index build code.npy --spec Flat"];
        int at = 0;
        foreach (string part in parts)
        {
            int found = result.Output.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' is missing after:\n{result.Output[..at]}");
            at = found;
        }
    }

    [Fact]
    public void Brackets_in_code_and_questions_are_shown_as_they_are()
    {
        using var sources = new Workspace();
        File.WriteAllText(sources["A.cs"], "class Ring { int this[int i] => Values[i] + Offset(i, Values.Length); }");

        CommandLineResult result = CommandLine.Run("demo", "--path", sources.Folder, "--query", "a ring [red] of things");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("? a ring [red] of things", result.Output, StringComparison.Ordinal);
        Assert.Contains("Ring.this[]", result.Output, StringComparison.Ordinal);
        Assert.Contains("there are 2 entities", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_vectors_can_be_kept()
    {
        using var sources = Sources();
        using var target = new Workspace();

        JsonElement json = CommandLine.Run("demo", "--path", sources.Folder, "--vectors", target["code.npy"], "--json").Json();

        Matrix vectors = VectorFile.Read(target["code.npy"], TestContext.Current.CancellationToken);
        Assert.Equal((200, 1024), (vectors.Rows, vectors.Dimension));
        Assert.Equal(3, json.GetProperty("queries").GetArrayLength());
    }

    [Fact]
    public void A_question_without_a_known_word_has_no_answers()
    {
        using var sources = Sources();

        CommandLineResult result = CommandLine.Run("demo", "--path", sources.Folder, "--query", "xylophone");

        Assert.Contains("none of these words occurs in the code", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_say_nothing_are_no_failure()
    {
        using var sources = new Workspace();
        File.WriteAllText(sources["A.cs"], "enum X { }");

        CommandLineResult result = CommandLine.Run("demo", "--path", sources.Folder);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("No name in this code", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_code_or_none_at_all_is_refused_in_one_line()
    {
        using var empty = new Workspace();

        Assert.Contains("no code was found", CommandLine.Run("demo", "--path", empty.Folder).Failure(1), StringComparison.Ordinal);
        Assert.Contains("no folder", CommandLine.Run("demo", "--path", empty["missing"]).Failure(1), StringComparison.Ordinal);
        Assert.Contains("ends in .npy", CommandLine.Run("demo", "--path", empty.Folder, "--vectors", "x.csv").Failure(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_has_an_example_of_the_command() =>
        Assert.Contains("tessera demo --path", CommandLine.Run("demo", "--help").Output, StringComparison.Ordinal);

    [Fact]
    public void The_own_source_tree_is_found_from_where_the_command_was_built() =>
        Assert.True(SourceTreeFinder.IsTessera(SourceTreeFinder.Find()));

    private static double SizeOfLeaves(JsonElement cluster) =>
        cluster.Number("layer") == 1 ? cluster.Number("size") : cluster.GetProperty("clusters").EnumerateArray().Sum(SizeOfLeaves);

    private static Workspace Sources(int filesOfEach = 20)
    {
        string[][] topics = [["Invoice", "Payment", "Customer", "Refund", "Ledger"], ["Sensor", "Voltage", "Sampling", "Firmware", "Probe"]];
        var workspace = new Workspace();
        var random = new Random(5);
        foreach (string[] words in topics)
        {
            string Word() => words[random.Next(words.Length)];
            Directory.CreateDirectory(workspace[words[0] + "s"]);
            for (int file = 0; file < filesOfEach; file++)
            {
                var methods = Enumerable.Range(0, 4).Select(method => $"    public int {Word()}{Word()}{method}(int {Word()}) => {Word()}.{Word()}({Word()});");
                File.WriteAllText(
                    Path.Combine(workspace[words[0] + "s"], $"{words[0]}{file}.cs"),
                    $"namespace Sample.{words[0]}s;\n\nclass {Word()}{Word()}{file}\n{{\n{string.Join('\n', methods)}\n}}\n");
            }
        }

        return workspace;
    }
}
