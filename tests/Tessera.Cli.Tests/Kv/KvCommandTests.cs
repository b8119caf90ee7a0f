using System.Text.Json;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Kv;

public sealed class KvCommandTests
{
    private static readonly string[] Small = ["--kv-heads", "2", "--query-heads", "4", "--dim", "16", "--queries", "1", "--rounds", "1", "--updates", "10", "--json"];

    [Theory]
    [InlineData("kmeans", "structured")]
    [InlineData("incremental", "aggregation")]
    [InlineData("pq", "needle")]
    public void A_bench_compares_every_way_at_every_length(string index, string kind)
    {
        CommandLineResult result = CommandLine.Run(["kv", "bench", "--tokens", "300,1200", "--budget", "0.2", "--index", index, "--kind", kind, "--branching", "8", .. Small]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        string[] methods = [.. root.GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("tokens").GetInt32() == 1200).Select(row => row.GetProperty("method").GetString()!)];
        string[] expected = ["dense", "budgeted", "topk", "mass 0.9", "certified", "window", "pages", "oracle"];
        Assert.Equal(index == "pq" ? [.. expected, "quantized"] : expected, methods, (IEnumerable<string> a, IEnumerable<string> b) => a.Order().SequenceEqual(b.Order()));
        Assert.Equal(2, root.GetProperty("lengths").GetArrayLength());
        foreach (JsonElement row in root.GetProperty("rows").EnumerateArray())
        {
            Assert.InRange(row.GetProperty("mass_recall").GetDouble(), 0, 1);
            Assert.InRange(row.GetProperty("attend_ms").GetDouble(), 1e-6, 1e6);
        }
    }

    [Fact]
    public void A_recorded_layer_is_measured_and_drawn()
    {
        using var workspace = new Workspace();
        // Two key heads and four query heads of dimension 16: eight parts of a row.
        string trace = workspace.WriteClustered("trace.npy", 200, 8 * 16, 1);

        CommandLineResult result = CommandLine.Run(["kv", "bench", "--trace", trace, "--budget", "0.4", "--plot", workspace["kv.svg"], .. Small]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("\"tokens\":200", result.Output, StringComparison.Ordinal);
        string plot = File.ReadAllText(workspace["kv.svg"]);
        Assert.All(["</svg>", "200 tokens", "budgeted", "window", "pages", "oracle"], text => Assert.Contains(text, plot, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "kv", "bench", "--query-heads", "3", "--kv-heads", "2")]
    [InlineData(2, "kv", "bench", "--budget", "2")]
    [InlineData(2, "kv", "bench", "--index", "tree")]
    [InlineData(1, "kv", "bench", "--trace", "nowhere.npy")]
    [InlineData(1, "kv", "eval", "--model", "nowhere.bin", "--tokenizer", "nowhere.bin")]
    public void What_cannot_be_is_refused_in_one_line(int exitCode, params string[] args)
    {
        CommandLineResult result = CommandLine.Run(args);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void An_evaluation_shows_that_certified_attention_is_dense_attention()
    {
        string? data = Environment.GetEnvironmentVariable("TESSERA_DATA");
        Assert.SkipWhen(data is null || !Directory.Exists(Path.Combine(data, "stories260K")), "TESSERA_DATA names no folder with stories260K.");
        using var workspace = new Workspace();
        File.WriteAllText(workspace["texts.txt"], "Once upon a time, there was a little girl named Lily. She had a red ball.\n\nTom and Ben went to the park to play.");

        CommandLineResult result = CommandLine.Run(
            "kv", "eval", "--model", Path.Combine(data!, "stories260K", "stories260K.bin"), "--tokenizer", Path.Combine(data!, "stories260K", "tok512.bin"),
            "--text", workspace["texts.txt"], "--budget", "0.5", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement[] rows = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["dense", "certified", "budgeted", "incremental", "quantized", "topk"], rows.Select(row => row.GetProperty("mode").GetString()));
        Assert.Equal(rows[0].GetProperty("perplexity").GetDouble(), rows[1].GetProperty("perplexity").GetDouble(), 1e-3);
        Assert.Equal(1, rows[1].GetProperty("agreement").GetDouble());
    }
}
