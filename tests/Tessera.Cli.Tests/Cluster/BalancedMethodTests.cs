using Tessera.Cli.Tests.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Cluster;

public sealed class BalancedMethodTests
{
    [Fact]
    public void Sizes_differ_by_one_at_most_and_the_files_hold_them()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 503, 6, 1);
        var json = CommandLine.Run(
            "cluster", vectors, "-k", "10", "--method", "balanced", "--out", workspace["c.npy"], "--assignments", workspace["a.ivecs"], "--json").Json();

        Assert.Equal(["k", "iterations", "inertia", "imbalance", "seconds", "smallest", "largest"], json.Names());
        Assert.Equal((50, 51), (json.Number("smallest"), json.Number("largest")));
        int[] sizes = Sizes(workspace["a.ivecs"], 10);
        Assert.Equal((50, 51, 503), (sizes.Min(), sizes.Max(), sizes.Sum()));
        Assert.Equal(10, VectorFile.Read(workspace["c.npy"], TestContext.Current.CancellationToken).Rows);
    }

    [Fact]
    public void A_sample_is_clustered_and_the_whole_file_is_given_out_evenly_or_within_the_slack()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 1000, 6, 1);
        int[] Spread(params string[] more)
        {
            CommandLine.Run(["cluster", vectors, "-k", "8", "--method", "balanced", "--sample", "200", "--out", workspace["c.npy"], "--assignments", workspace["a.ivecs"], "--json", .. more]).Json();
            return Sizes(workspace["a.ivecs"], 8);
        }

        Assert.All(Spread(), size => Assert.Equal(125, size));
        int[] loose = Spread("--slack", "20");
        Assert.All(loose, size => Assert.InRange(size, 105, 146));
        Assert.Contains(loose, size => size != 125);
    }

    [Fact]
    public void A_bound_on_the_imbalance_is_held()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 600, 6, 1);
        var json = CommandLine.Run("cluster", vectors, "-k", "30", "--method", "balanced", "--max-imbalance", "1.05", "--out", workspace["c.npy"], "--json").Json();

        Assert.InRange(json.Number("imbalance"), 1, 1.05);
        Assert.True(json.Number("largest") > 20);
    }

    [Fact]
    public void People_read_the_sizes_too()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 101, 4, 1);
        var result = CommandLine.Run("cluster", vectors, "-k", "10", "--method", "balanced", "--out", workspace["c.npy"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("10 to 11 vectors", result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-imbalance is '0.5'; give a number of 1 or more", "--method", "balanced", "--max-imbalance", "0.5")]
    [InlineData("--spherical has no meaning for --method balanced; it goes with kmeans", "--method", "balanced", "--spherical")]
    [InlineData("--slack has no meaning for --method kmeans; it goes with balanced", "--slack", "3")]
    [InlineData("--init has no meaning for --method mixture; it goes with kmeans and balanced", "--method", "mixture", "--init", "random")]
    [InlineData("--method is 'dbscan'; give kmeans or balanced or mixture", "--method", "dbscan")]
    public void Options_of_another_method_are_refused(string expected, params string[] options)
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 50, 4, 1);

        Assert.Contains(expected, CommandLine.Run(["cluster", vectors, "-k", "2", "--out", workspace["c.npy"], .. options]).Failure(2), StringComparison.Ordinal);
    }

    private static int[] Sizes(string path, int clusters)
    {
        var sizes = new int[clusters];
        foreach (int cluster in IdFile.Read(path).Ids)
            sizes[cluster]++;
        return sizes;
    }
}
