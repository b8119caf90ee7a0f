using System.Text.Json;
using Tessera.Cli.Hosting;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Code;

public sealed class EvalCommandTests
{
    [Fact]
    public void Every_mode_is_asked_the_same_questions()
    {
        using var sources = new Workspace();
        string[] things = ["anchor", "ledger", "glyph", "comet", "sensor", "harvest"];
        foreach (string thing in things)
        {
            string name = char.ToUpperInvariant(thing[0]) + thing[1..];
            File.WriteAllText(sources[$"{name}.cs"], $"class {name} {{\n/// <summary>Says how heavy the {thing} of a person is.</summary>\nint {name}Weight(int person) => Scale.{name}(person);\nvoid Other() {{ }}\n}}");
        }

        JsonElement json = CommandLine.Run("code", "eval", sources.Folder, "--json").Json();

        Assert.Equal(["path", "files", "entities", "questions", "rows"], json.Names());
        Assert.Equal((6, 18, 6), (json.Number("files"), json.Number("entities"), json.Number("questions")));
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["words", "local", "hybrid", "global"], rows.Select(row => row.GetProperty("mode").GetString()));
        Assert.All(rows[..3], row => Assert.Equal(1, row.Number("recall")));
        Assert.All(rows[..3], row => Assert.InRange(row.Number("mrr"), 0.5, 1));
    }

    [Fact]
    public void A_folder_without_comments_or_without_code_is_refused()
    {
        using var sources = new Workspace();
        CommandLineResult empty = CommandLine.Run("code", "eval", sources.Folder);
        File.WriteAllText(sources["a.cs"], "class A { void B() { } }");
        CommandLineResult silent = CommandLine.Run("code", "eval", sources.Folder);

        Assert.Equal((ExitCode.Failed, ExitCode.Failed), (empty.ExitCode, silent.ExitCode));
        Assert.Contains("no code was found there", empty.Error, StringComparison.Ordinal);
        Assert.Contains("has a comment of five words", silent.Error, StringComparison.Ordinal);
    }
}
