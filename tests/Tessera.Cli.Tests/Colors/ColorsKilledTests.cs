using System.Diagnostics;
using System.Text.Json;
using Tessera.Cli.Tests.Hosting;
using Tessera.Colors.Collections;
using Tessera.Colors.Evaluation;
using Tessera.Colors.Images;
using Tessera.Colors.Queries;
using Tessera.Stores.Colors;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Colors;

/// <summary>Killed while indexing at any moment: what was there opens, and the next run completes it.</summary>
public sealed class ColorsKilledTests
{
    private const int Kills = 12;

    [Fact]
    public async Task However_often_indexing_is_killed_the_index_opens_and_the_last_run_completes_it()
    {
        Assert.SkipWhen(VipsImageDecoder.Unavailable is not null, "libvips is not installed here.");
        using var workspace = new Workspace();
        string images = workspace["images"], index = workspace["i"];
        PlantedCollection.Generate(40, 20, 1).WriteTo(images);
        string[] args = ["colors", "index", images, "--out", index, "--json"];
        var random = new SeededRandom(11);
        int last = 0, opened = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = ChildProcess.Start(args);
            // Some before it does anything, some while it reads, some while it saves; those that are over by then change nothing.
            if (!process.WaitForExit(TimeSpan.FromMilliseconds(random.Next(200 + 150 * kill))))
                process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (!File.Exists(Path.Combine(index, "catalog.db")))
                continue;
            opened++;
            using ColorCollection collection = ColorIndexFolder.Open(index);
            Assert.InRange(collection.Count, last, 800);
            last = collection.Count;
            int all = collection.Search(ColorQuery.Parse("red"), new ColorSearchOptions { K = 1000 }).Hits.Count;
            Assert.Equal(collection.Count, all);
            // From the second half on there is something to be done again.
            if (kill >= Kills / 2)
                Change(images, kill, ref last);
        }

        Assert.InRange(opened, 1, Kills);
        JsonElement result = CommandLine.Run(args).Json();
        Assert.Equal(Directory.GetFiles(images, "*.png", SearchOption.AllDirectories).Length, result.GetProperty("images").GetInt32());
        using ColorCollection complete = ColorIndexFolder.Open(index);
        Assert.Equal(0, complete.Describe().Unsaved);
        Assert.Equal(2, Directory.GetFiles(index, "*.tsr*").Length);
        Assert.Equal(complete.Count, complete.Search(ColorQuery.Parse("red"), new ColorSearchOptions { K = 1000, ExhaustiveUpTo = 0, MostCandidates = 1000 }).Hits.Count);
    }

    /// <summary>Deletes some images and repaints others.</summary>
    private static void Change(string images, int kill, ref int last)
    {
        string[] files = Directory.GetFiles(images, "*.png", SearchOption.AllDirectories);
        for (int i = kill; i < files.Length; i += 40)
        {
            if (i % 2 == 0)
                File.Delete(files[i]);
            else
                File.Copy(files[(i + 1) % files.Length], files[i], overwrite: true);
        }

        last = 0;
    }
}
