using System.Diagnostics;
using Tessera.Cli.Tests.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Ids;

/// <summary>What a process has said is kept, however it ends; and two processes never say the same.</summary>
public sealed class KilledProcessTests
{
    private const int Items = 100_000;
    private const int Kills = 20;

    [Fact]
    public async Task Of_a_hundred_thousand_ids_none_is_lost_and_none_given_twice_by_processes_that_are_killed()
    {
        using var workspace = new Workspace();
        string[] args = Prepare(workspace, "ids.db");
        var said = new Dictionary<string, string>();
        var random = new SeededRandom(9);
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = ChildProcess.Start(args);
            // Some are killed before they say anything, some while they write their first batches, some between lines.
            long lines = random.Next(8 * (kill + 1)) * 1000L / 2;
            await ReadAsync(process, said, lines);
            process.Kill();
            await ReadAsync(process, said, long.MaxValue);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.InRange(said.Count, 1, Items);
        var all = new Dictionary<string, string>();
        using Process last = ChildProcess.Start(args);
        await ReadAsync(last, all, long.MaxValue);
        Assert.Equal(Items, all.Count);
        Assert.Equal(Items, all.Values.Distinct().Count());
        Assert.All(said, pair => Assert.Equal(pair.Value, all[pair.Key]));
    }

    [Theory]
    [InlineData("sqlite:ids.db")]
    [InlineData("json:ids.json")]
    public async Task Two_processes_at_once_never_give_the_same_id(string store)
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("base.npy", 3000, 4, 1), kept = store.Replace(":", $":{workspace.Folder}/", StringComparison.Ordinal);
        CommandLine.Run("ids", "fit", vectors, "--levels", "2", "--clusters", "8", "--out", workspace["m"], "--json").Json();
        var said = new List<(string Item, string Id)>();
        Process[] processes = [.. Enumerable.Range(0, 2).Select(number =>
        {
            File.WriteAllLines(workspace[$"{number}.txt"], Enumerable.Range(0, 3000).Select(item => $"{number}/{item}"));
            return ChildProcess.Start("ids", "encode", workspace["m"], vectors, "--items", workspace[$"{number}.txt"], "--unique", "--store", kept);
        })];
        foreach (Process process in processes)
        {
            var own = new Dictionary<string, string>();
            await ReadAsync(process, own, long.MaxValue);
            said.AddRange(own.Select(pair => (pair.Key, pair.Value)));
            process.Dispose();
        }

        Assert.Equal(6000, said.Count);
        Assert.Equal(6000, said.Select(pair => pair.Id).Distinct().Count());
    }

    private static string[] Prepare(Workspace workspace, string database)
    {
        var random = new SeededRandom(4);
        var values = new float[Items * 2];
        foreach (ref float value in values.AsSpan())
            value = (float)random.NextNormal();
        VectorFile.Write(workspace["base.npy"], new Matrix(values, 2), TestContext.Current.CancellationToken);
        CommandLine.Run("ids", "fit", workspace["base.npy"], "--levels", "2", "--clusters", "64", "--out", workspace["m"], "--json").Json();
        return ["ids", "encode", workspace["m"], workspace["base.npy"], "--unique", "--store", $"sqlite:{workspace[database]}"];
    }

    /// <summary>Takes in lines of item and id; a line that the end may have cut off was not said.</summary>
    private static async Task ReadAsync(Process process, Dictionary<string, string> said, long lines)
    {
        string? line = null;
        for (long i = 0; i < lines; i++)
        {
            string? next = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            if (next is null && !process.HasExited)
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            // The last line of a process that was killed may be half of one.
            if (line is not null && (next is not null || process.ExitCode == 0))
                TakeIn(line, said);
            line = next;
            if (next is null)
                return;
        }

        if (line is not null)
            TakeIn(line, said);
    }

    private static void TakeIn(string line, Dictionary<string, string> said)
    {
        string[] pair = line.Split('\t');
        Assert.Equal(2, pair.Length);
        Assert.Equal(pair[1], said.GetValueOrDefault(pair[0], pair[1]));
        said[pair[0]] = pair[1];
    }
}
