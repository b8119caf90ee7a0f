using System.Text.Json;
using Tessera.Cli.Hosting;
using Tessera.Cli.Tests.Code.Worker;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Code;

/// <summary>A map built once, and the commands that read it.</summary>
public sealed class MapCommandsTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly string _store;

    public MapCommandsTests()
    {
        foreach (string part in (string[])["Ships", "Books"])
            SampleRepository.Write(_workspace[$"sample/{part}"]);
        _store = $"sqlite:{_workspace["map.db"]}";
    }

    [Fact]
    public void Layers_and_tree_show_what_was_built()
    {
        JsonElement built = Build();
        JsonElement layers = Read("layers");
        JsonElement tree = Read("tree", "--depth", "9");

        Assert.Equal((1, 12, 12), (built.Number("generation"), built.Number("files"), built.Number("files_read")));
        Assert.Equal(built.GetProperty("layers").ToString(), layers.GetProperty("layers").ToString());
        Assert.Equal([0, .. Enumerable.Range(1, layers.GetProperty("layers").GetArrayLength() - 1)], Each(layers, "layers").Select(layer => (int)layer.Number("layer")));
        Assert.Equal(36, Each(layers, "layers")[0].Number("clusters"));
        Assert.Equal(("too_few_clusters", "sample"), (layers.GetProperty("reason").GetString(), layers.GetProperty("repo").GetString()));
        Assert.Equal(36, Each(tree, "clusters").Sum(cluster => cluster.Number("size")));
        Assert.Equal(
            Each(layers, "layers").Skip(1).Select(layer => (int)layer.Number("clusters")),
            Each(layers, "layers").Skip(1).Select(layer => Beneath(Each(tree, "clusters")).Count(cluster => cluster.Number("layer") == layer.Number("layer"))));
        Assert.Contains("No further layer: ", CommandLine.Run("code", "layers", "--store", _store).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hybrid", "entities")]
    [InlineData("local", "entities")]
    [InlineData("words", "entities")]
    [InlineData("global", "folders")]
    [InlineData("global", "clusters")]
    public void Every_mode_answers_best_first(string mode, string answers)
    {
        Build();

        JsonElement found = Read("query", "how heavy is the comet of a person", "--mode", mode, "--limit", "3");
        JsonElement[] rows = Each(found, answers);

        Assert.Equal(mode, found.GetProperty("mode").GetString());
        Assert.InRange(rows.Length, 1, 3);
        Assert.Equal(rows.Select(row => row.Number("score")).OrderDescending(), rows.Select(row => row.Number("score")));
        if (answers == "entities")
        {
            Assert.Equal("Comet.CometWeight", rows[0].GetProperty("name").GetString());
            Assert.Matches("^(Ships|Books)/Comet.cs$", rows[0].GetProperty("file").GetString());
            Assert.Equal((5, 5), (rows[0].Number("start_line"), rows[0].Number("end_line")));
            Assert.NotEmpty(Each(rows[0], "clusters"));
        }
    }

    [Fact]
    public void Broad_answers_name_folders_in_words_too()
    {
        Build();

        Assert.Matches("Folders: .*(Ships|Books)", CommandLine.Run("code", "query", "heavy anchor", "--mode", "global", "--store", _store).Output);
    }

    [Fact]
    public void A_budget_limits_the_source_and_source_is_given_when_asked_for()
    {
        Build();

        JsonElement all = Read("query", "weight of a person", "--source"), some = Read("query", "weight of a person", "--budget", "30", "--source");

        Assert.InRange(Each(some, "entities").Length, 1, Each(all, "entities").Length - 1);
        Assert.All(Each(some, "entities"), entity => Assert.NotEmpty(entity.GetProperty("source").GetString()!));
    }

    [Fact]
    public void Show_opens_clusters_down_to_an_entity_by_id_or_name()
    {
        Build();
        JsonElement at = Each(Read("tree", "--depth", "1"), "clusters")[0];
        while (at.Number("layer") > 1)
            at = Each(Read("show", at.GetProperty("id").GetString()!).GetProperty("cluster"), "children")[0];
        JsonElement member = Each(Read("show", at.GetProperty("id").GetString()!), "members")[0];

        JsonElement byId = Read("show", member.GetProperty("id").GetString()!).GetProperty("entity"), byName = Read("show", "GlyphWeight").GetProperty("entity");

        Assert.Equal(member.GetProperty("name").GetString(), byId.GetProperty("name").GetString());
        Assert.Equal("int GlyphWeight(int person) => person * 1;", byName.GetProperty("source").GetString());
        Assert.Contains("no such cluster or entity", CommandLine.Run("code", "show", "Zeppelin", "--store", _store).Failure(ExitCode.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_build_reads_what_has_changed_and_a_global_one_maps_all_repositories()
    {
        Build();
        File.AppendAllText(_workspace["sample/Ships/Comet.cs"], "\nclass CometTail { int CometTailLength() => 7; }\n");
        SampleRepository.Write(_workspace["other"]);

        JsonElement again = Build();
        JsonElement other = CommandLine.Run("code", "build", _workspace["other"], "--store", _store, "--global", "--json").Json();

        Assert.True(again.GetProperty("incremental").GetBoolean());
        Assert.Equal((2, 1, 12), (again.Number("generation"), again.Number("files_read"), again.Number("files")));
        Assert.Equal((18, 38 + 18), (Each(other, "layers")[0].Number("clusters"), Each(other.GetProperty("global"), "layers")[0].Number("clusters")));
        JsonElement[] found = Each(Read("query", "CometTailLength"), "entities");
        Assert.Equal("CometTail.CometTailLength", found[0].GetProperty("name").GetString());
        Assert.Equal(["other", "sample"], found.Select(entity => entity.GetProperty("repo").GetString()).Distinct().Order());
        JsonElement ofOther = CommandLine.Run("code", "query", "comet", "--repo", "other", "--store", _store, "--json").Json();
        Assert.All(Each(ofOther, "entities"), entity => Assert.Equal("other", entity.GetProperty("repo").GetString()));
    }

    [Theory]
    [InlineData(3, "no_reduction", "-k", "3", "--method", "gmm")]
    [InlineData(5, "no_reduction", "-k", "5")]
    [InlineData(6, "max_depth", "--max-depth", "1")]
    [InlineData(6, "too_few_clusters", "--min-clusters", "7")]
    public void How_many_clusters_and_layers_there_are_is_chosen(int clusters, string reason, params string[] options)
    {
        JsonElement built = Build(options);

        Assert.Equal((2, clusters, reason), (Each(built, "layers").Length, (int)Each(built, "layers")[1].Number("clusters"), built.GetProperty("reason").GetString()));
    }

    [Fact]
    public void What_is_not_there_is_said()
    {
        Assert.Contains("no such folder", CommandLine.Run("code", "build", _workspace["nowhere"]).Failure(ExitCode.Failed), StringComparison.Ordinal);
        Assert.Contains("map.db", CommandLine.Run("code", "tree", "--store", _store).Failure(ExitCode.Failed), StringComparison.Ordinal);
        Build();
        Assert.Contains("another", CommandLine.Run("code", "query", "anchor", "--store", _store, "--repo", "another").Failure(ExitCode.Failed), StringComparison.Ordinal);
    }

    public void Dispose() => _workspace.Dispose();

    private JsonElement Build(params string[] options) =>
        CommandLine.Run(["code", "build", _workspace["sample"], "--store", _store, "--json", .. options]).Json();

    private JsonElement Read(string verb, params string[] arguments) => CommandLine.Run(["code", verb, "--store", _store, "--json", .. arguments]).Json();

    private static JsonElement[] Each(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray()];

    private static IEnumerable<JsonElement> Beneath(IEnumerable<JsonElement> clusters) =>
        clusters.SelectMany(cluster => cluster.TryGetProperty("children", out JsonElement children) ? Beneath(children.EnumerateArray()).Prepend(cluster) : [cluster]);
}
