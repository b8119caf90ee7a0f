using System.Text.Json;

namespace Tessera.Cli.Tests.Hosting;

/// <summary>What a command line gave.</summary>
internal sealed record CommandLineResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON object on stdout, of a command that succeeded without a word on stderr.</summary>
    public JsonElement Json()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return JsonOnStdout();
    }

    /// <summary>The one JSON object on stdout; parsing fails when anything else stands there.</summary>
    public JsonElement JsonOnStdout()
    {
        using var document = JsonDocument.Parse(Output);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        return document.RootElement.Clone();
    }

    /// <summary>The message of a command that failed with one line on stderr and nothing on stdout.</summary>
    public string Failure(int exitCode)
    {
        Assert.Equal("", Output);
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Equal(exitCode, ExitCode);
        return line;
    }
}
