using Tessera.Cli.Tests.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Index;

/// <summary>Removing, compacting, and searches that may answer with some vectors only.</summary>
public sealed class RemovalTests(IndexWorkspace built) : IClassFixture<IndexWorkspace>
{
    [Fact]
    public void Removed_vectors_are_gone_from_answers_and_compaction_makes_the_file_smaller()
    {
        using var workspace = new Workspace();
        string index = workspace["x.tsr"];
        File.Copy(built.Flat, index);
        File.WriteAllLines(workspace["gone.txt"], Enumerable.Range(0, 1500).Select(id => $"{id}").Append("").Append("99999"));

        var json = CommandLine.Run("index", "remove", index, "--ids", workspace["gone.txt"], "--json").Json();
        Assert.Equal(["vectors", "removed", "waiting", "file_bytes"], json.Names());
        Assert.Equal((500, 1500, 1500), ((int)json.Number("vectors"), (int)json.Number("removed"), (int)json.Number("waiting")));
        Assert.All(Ids("index", "search", index, "--queries", built.Base, "-k", "3"), id => Assert.InRange(id, 1500, 1999));
        var info = CommandLine.Run("index", "info", index, "--json").Json();
        Assert.Equal((500, 1500), ((int)info.Number("vectors"), (int)info.Number("removed")));

        json = CommandLine.Run("index", "compact", index, "--json").Json();
        Assert.Equal(["vectors", "reclaimed", "waiting", "file_bytes"], json.Names());
        Assert.Equal((500, 1500, 0), ((int)json.Number("vectors"), (int)json.Number("reclaimed"), (int)json.Number("waiting")));
        Assert.InRange(new FileInfo(index).Length, 1, new FileInfo(built.Flat).Length / 3);
        Assert.All(Ids("index", "search", index, "--queries", built.Base, "-k", "3"), id => Assert.InRange(id, 1500, 1999));
        Assert.Equal(["gone.txt", "x.tsr"], workspace.Files());
    }

    [Fact]
    public void Another_file_can_take_the_changed_index()
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["gone.txt"], "7\n8");
        byte[] before = File.ReadAllBytes(built.Ivf);
        string text = CommandLine.Run("index", "remove", built.Ivf, "--ids", workspace["gone.txt"], "--out", workspace["y.tsr"]).Output;
        Assert.Contains("2 vectors removed, 1,998 are left", text, StringComparison.Ordinal);
        Assert.Contains("index compact", text, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(built.Ivf));
        Assert.Equal(1998, (int)CommandLine.Run("index", "info", workspace["y.tsr"], "--json").Json().Number("vectors"));
    }

    [Fact]
    public void A_tag_is_put_on_searched_for_and_taken_off()
    {
        using var workspace = new Workspace();
        string index = workspace["t.tsr"];
        File.WriteAllLines(workspace["hundreds.txt"], Enumerable.Range(0, 20).Select(i => $"{100 * i}").Append("99999"));
        File.WriteAllLines(workspace["first.txt"], ["0", "100", "5"]);

        var json = CommandLine.Run("index", "tag", built.Ivf, "round hundreds", "--ids", workspace["hundreds.txt"], "--out", index, "--json").Json();
        Assert.Equal(["tag", "tagged", "vectors", "file_bytes"], json.Names());
        Assert.Equal(("round hundreds", 20, 2000), (json.GetProperty("tag").GetString(), (int)json.Number("tagged"), (int)json.Number("vectors")));
        Assert.All(Ids("index", "search", index, "--queries", built.Queries, "-k", "20", "--tag", "round hundreds"), id => Assert.Equal(0, id % 100));

        string text = CommandLine.Run("index", "tag", index, "round hundreds", "--ids", workspace["first.txt"], "--off").Output;
        Assert.Contains("18 of 2,000 vectors", text, StringComparison.Ordinal);
        Assert.All(Ids("index", "search", index, "--queries", built.Queries, "-k", "18", "--tag", "round hundreds"), id => Assert.InRange(id, 200, 1900));
        Assert.Equal(["round hundreds"], CommandLine.Run("index", "info", index, "--json").Json().GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Contains("TAG is empty", CommandLine.Run("index", "tag", index, " ", "--ids", workspace["first.txt"]).Failure(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_ids_given_are_answers_and_others_never()
    {
        using var workspace = new Workspace();
        File.WriteAllLines(workspace["only.txt"], Enumerable.Range(0, 40).Select(i => $" {50 * i} "));
        File.WriteAllLines(workspace["not.txt"], ["0", "50", "100"]);
        foreach (string index in (string[])[built.Flat, built.Ivf])
        {
            long[] ids = Ids("index", "search", index, "--queries", built.Queries, "-k", "40", "--only-ids", workspace["only.txt"]);
            Assert.Equal(40 * 40, ids.Length);
            Assert.All(ids, id => Assert.Equal(0, id % 50));
            ids = Ids("index", "search", index, "--queries", built.Queries, "-k", "40", "--only-ids", workspace["only.txt"], "--not-ids", workspace["not.txt"]);
            Assert.All(ids.Chunk(40), row => Assert.Equal(37, row.Count(id => id >= 150)));
        }

        // What a search wrote can be a filter of the next.
        CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "-k", "1", "--out", workspace["first.ivecs"], "--json").Json();
        var (first, _) = IdFile.Read(workspace["first.ivecs"]);
        Assert.All(Ids("index", "search", built.Flat, "--queries", built.Queries, "-k", "1", "--only-ids", workspace["first.ivecs"]).Zip(first), pair => Assert.Equal(pair.Second, pair.First));
        Assert.All(Ids("index", "search", built.Flat, "--queries", built.Queries, "-k", "1", "--not-ids", workspace["first.ivecs"]), id => Assert.DoesNotContain((int)id, first));
        Assert.All(Ids("index", "search", built.Flat, "--queries", built.Queries, "-k", "1", "--tag", "none"), id => Assert.Equal(-1, id));
    }

    [Fact]
    public void Mistakes_are_told_in_one_line()
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["bad.txt"], "1\ntwo\n");
        string message = CommandLine.Run("index", "remove", built.Flat, "--ids", workspace["bad.txt"], "--out", workspace["z.tsr"]).Failure(1);
        Assert.Contains("line 2 is 'two'", message, StringComparison.Ordinal);
        message = CommandLine.Run("index", "remove", built.Flat, "--ids", workspace["none.txt"]).Failure(1);
        Assert.Contains("no such file", message, StringComparison.Ordinal);
        message = CommandLine.Run("index", "search", built.Flat, "--queries", built.Queries, "--tag", " ").Failure(2);
        Assert.Contains("--tag is empty", message, StringComparison.Ordinal);
        Assert.Equal(["bad.txt"], workspace.Files());
    }

    /// <summary>All places of the answers, -1 where there is none.</summary>
    private static long[] Ids(params string[] args)
    {
        using var workspace = new Workspace();
        CommandLine.Run([.. args, "--out", workspace["ids.ivecs"], "--json"]).Json();
        return [.. IdFile.Read(workspace["ids.ivecs"]).Ids.Select(id => (long)id)];
    }
}
