using System.Text.Json;
using Tessera.Cli.Tests.Hosting;
using Tessera.Music.Midi;
using Tessera.Music.Packs;

namespace Tessera.Cli.Tests.Music;

public sealed class MusicCommandTests(MusicWorkspace made) : IClassFixture<MusicWorkspace>
{
    private const string Query = "STYLE=rock TEMPO=76 METER=4/4 GRID=12 PROGRAM=DRUMS BAR POS=1 NOTE_ON 36 VEL=110 DUR=1";

    [Fact]
    public void An_index_and_a_model_are_made_of_style_packs()
    {
        JsonElement index = made.IndexJson.Json(), model = made.TrainJson.Json();

        Assert.Equal(["patterns", "genres", "embedding", "dimension", "seconds", "left_out"], index.Names());
        Assert.Equal((65, 512, "profile"), ((int)index.Number("patterns"), (int)index.Number("dimension"), index.GetProperty("embedding").GetString()));
        Assert.Equal(9, model.Number("pieces"));
        Assert.True(File.Exists(Path.Combine(made.Model, "vocab.json")));
    }

    [Fact]
    public void A_query_finds_bars_of_the_child_first()
    {
        JsonElement found = CommandLine.Run("music", "retrieve", "--index", made.Index, "--query", Query, "--parent", "rock", "--child", "halftime", "--child-bias", "0.3", "-k", "5", "--json").Json().GetProperty("patterns");

        Assert.Equal(5, found.GetArrayLength());
        Assert.Equal(["score", "similarity", "weight", "parent", "child", "source", "bar", "tokens"], found[0].Names());
        Assert.Equal("halftime", found[0].GetProperty("child").GetString());
        Assert.Equal(1.5 * 1.3, found[0].Number("score") / found[0].Number("similarity"), 1e-3);
    }

    [Fact]
    public async Task Another_process_gives_the_same_answers()
    {
        string[] args = ["music", "retrieve", "--index", made.Index, "--query", Query, "--parent", "rock", "--child", "punk", "--child-bias", "0.5", "-k", "20", "--json"];

        CommandLineResult other = await ChildProcess.Start(args).ResultAsync();

        Assert.Equal((0, CommandLine.Run(args).Output.Trim()), (other.ExitCode, other.Output.Trim()));
    }

    [Theory]
    [InlineData("probability")]
    [InlineData("reference")]
    public void A_sample_is_written_as_tokens_and_as_midi(string mode)
    {
        using var workspace = new Workspace();
        string[] args =
        [
            "music", "sample", "--model", made.Model, "--index", made.Index, "--family-index", "rock", "--child-genre", "halftime", "--child-bias", "0.3", "--fusion-weight", "0.1", "--ngram-size", "3",
            "--top-k-patterns", "5", "--max-length", "300", "--temperature", "1", "--top-p", "0.9", "--seed", "1", "--max-copy", "40", "--mode", mode, "--json",
        ];

        JsonElement sample = CommandLine.Run([.. args, "--output-file", workspace["F"], "--output-midi", workspace["F.mid"], "--vocab-file", Path.Combine(made.Model, "vocab.json")]).Json();

        Assert.InRange(sample.Number("longest_copy"), 1, 40);
        Assert.Equal(sample.Number("notes"), MidiFile.Read(workspace["F.mid"]).Notes.Count);
        Assert.Equal(sample.GetProperty("text").GetString()!.Split(' '), File.ReadAllText(workspace["F"]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(sample.GetProperty("text").GetString(), CommandLine.Run(args).Json().GetProperty("text").GetString());
    }

    [Fact]
    public void Evaluation_measures_styles_children_and_what_is_generated()
    {
        JsonElement result = CommandLine.Run("music", "eval", "--model", made.Model, "--index", made.Index, "--held-out", made.Packs, "--samples", "1", "--max-length", "60", "--max-copy", "30", "--json").Json();

        Assert.Equal(["jazz", "pop", "rock", "all"], result.GetProperty("perplexity").EnumerateArray().Select(row => row.GetProperty("style").GetString()));
        Assert.All(result.GetProperty("perplexity").EnumerateArray(), row => Assert.InRange(row.Number("alone"), 1, 20));
        Assert.Equal(2, result.Number("child_pieces"));
        Assert.Equal(3, result.Number("samples"));
        Assert.All(result.GetProperty("generation").EnumerateArray(), row => Assert.InRange(row.Number("longest_copy"), 0, 30));
    }

    [Fact]
    public void Midi_becomes_packs_by_its_folders_or_by_a_table_and_bad_files_are_named()
    {
        using var workspace = new Workspace();
        Score score = Tessera.Music.Tokens.Tokenizer.Decode(StylePacks.Load(made.Packs).Pieces().First().Tokens);
        foreach (string folder in (string[])["jazz", "jazz/fast"])
        {
            Directory.CreateDirectory(workspace[folder]);
            MidiFile.Write(Path.Combine(workspace[folder], "a.mid"), score);
        }

        File.WriteAllText(workspace["jazz/bad.mid"], "MThd and no more");
        File.WriteAllText(workspace["info.csv"], "midi_filename,style,split,beat_type\njazz/a.mid,blues/slow,train,beat\njazz/fast/a.mid,blues,test,fill\n");

        CommandLineResult folders = CommandLine.Run("music", "tokenize", workspace.Folder, "--out", workspace["packs"]);
        CommandLineResult table = CommandLine.Run("music", "tokenize", workspace.Folder, "--styles", workspace["info.csv"], "--split", "train", "--out", workspace["more"], "--json");

        Assert.Equal(0, folders.ExitCode);
        Assert.Contains("bad.mid: header at offset", folders.Error, StringComparison.Ordinal);
        Assert.Equal(1, table.Json().Number("files"));
        Assert.Equal([("jazz", null), ("jazz", "fast")], StylePacks.Load(workspace["packs"]).Patterns.Select(pattern => (pattern.ParentGenre, pattern.ChildGenre)).Distinct());
        StylePattern bar = StylePacks.Load(workspace["more"]).Patterns[0];
        Assert.Equal(("blues", "slow"), (bar.ParentGenre, bar.ChildGenre));
        Assert.Equal(["STYLE=blues", "SECTION=BEAT"], bar.Tokens.Where(token => token.StartsWith('S')));
    }

    [Fact]
    public void A_piece_is_shown_and_drawn()
    {
        using var workspace = new Workspace();
        CommandLineResult shown = CommandLine.Run("music", "show", Path.Combine(made.Packs, "pop", "refs_midi", "morning.tokens"), "--svg", workspace["roll.svg"]);

        Assert.Equal((0, ""), (shown.ExitCode, shown.Error));
        Assert.Contains("8 bars of 4/4", shown.Output, StringComparison.Ordinal);
        Assert.Contains("G4", shown.Output, StringComparison.Ordinal);
        string svg = File.ReadAllText(workspace["roll.svg"]);
        Assert.Equal(System.Xml.Linq.XDocument.Parse(svg).Descendants().Count(element => (string?)element.Attribute("rx") == "2"), (int)CommandLine.Run("music", "show", Path.Combine(made.Packs, "pop", "refs_midi", "morning.tokens"), "--json").Json().Number("notes"));
    }

    [Theory]
    [InlineData(1, "there are jazz, pop, rock", "retrieve", "--parent", "metal", "--query", "BAR")]
    [InlineData(2, "needs its parent", "sample", "--child-genre", "punk")]
    [InlineData(2, "--child-bias is '2'", "retrieve", "--parent", "rock", "--query", "BAR", "--child-bias", "2")]
    [InlineData(2, "--mode is 'both'", "sample", "--mode", "both")]
    public void What_does_not_fit_is_told_in_one_line(int exitCode, string problem, string verb, params string[] args)
    {
        string[] model = verb == "sample" ? ["--model", made.Model] : [];

        CommandLineResult result = CommandLine.Run(["music", verb, "--index", made.Index, .. model, .. args]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }
}
