using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tessera.Cli.Tests.Hosting;

namespace Tessera.Cli.Tests.Serve;

public sealed class ServeCommandTests
{
    [Fact]
    public async Task It_serves_what_it_is_given_until_Ctrl_C()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 500, 8, 1);
        Assert.Equal(0, CommandLine.Run("index", "build", vectors, "--spec", "IVF4,Flat", "--out", workspace["x.tsr"]).ExitCode);
        using Process process = ChildProcess.Start("serve", "--index", workspace["x.tsr"], "--port", "0", "--json");
        string line = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
        using var client = new HttpClient { BaseAddress = new Uri(JsonNode.Parse(line)!["address"]!.GetValue<string>()) };

        JsonNode? systems = await client.GetFromJsonAsync<JsonNode>(new Uri("/api/systems", UriKind.Relative), TestContext.Current.CancellationToken);
        process.Interrupt();
        CommandLineResult result = await process.ResultAsync();

        Assert.Equal("x", systems!["systems"]!.AsArray().Single()!["name"]!.GetValue<string>());
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("--index", "nowhere.tsr", "no such file")]
    [InlineData("--code", "nowhere", "no such folder")]
    [InlineData("--colors", "nowhere", "no such folder")]
    [InlineData("--host", "0.0.0.0", "give an API key")]
    [InlineData("--host", "example.com", "give an address to listen on")]
    [InlineData("--port", "70000", "65535")]
    public void What_cannot_be_served_is_told_at_once(string option, string value, string problem) =>
        Assert.Contains(problem, CommandLine.Run("serve", option, value).Failure(1), StringComparison.Ordinal);

    [Theory]
    [InlineData("--model", "m")]
    [InlineData("--port", "-1")]
    [InlineData("--nothing", "x")]
    public void A_wrong_option_is_told_at_once(string option, string value) => CommandLine.Run("serve", option, value).Failure(2);
}
