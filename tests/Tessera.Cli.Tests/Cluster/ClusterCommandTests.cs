using Tessera.Cli.Tests.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Cluster;

public sealed class ClusterCommandTests
{
    [Fact]
    public void The_result_is_one_json_object()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 1000, 8, 1);
        var json = CommandLine.Run("cluster", vectors, "-k", "20", "--iterations", "5", "--out", workspace["c.npy"], "--json").Json();

        Assert.Equal(["k", "iterations", "inertia", "imbalance", "seconds"], json.Names());
        Assert.Equal(20, json.Number("k"));
        Assert.InRange(json.Number("iterations"), 1, 5);
        Assert.InRange(json.Number("imbalance"), 1, 20);
        Assert.True(json.Number("seconds") > 0);
        Assert.Equal(["c.npy", "x.npy"], workspace.Files());
    }

    [Fact]
    public void The_files_hold_the_centroids_and_the_nearest_of_them_to_each_vector()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.fvecs", 500, 6, 1);
        var result = CommandLine.Run(
            "cluster", vectors, "-k", "7", "--iterations", "200", "--redo", "2", "--init", "random",
            "--out", workspace["c.npy"], "--assignments", workspace["a.ivecs"], "--json");
        double inertia = result.Json().Number("inertia");

        var rows = VectorFile.Read(vectors, TestContext.Current.CancellationToken);
        var centroids = VectorFile.Read(workspace["c.npy"], TestContext.Current.CancellationToken);
        var (clusters, width) = IdFile.Read(workspace["a.ivecs"]);
        Assert.Equal((7, 6, 1, 500), (centroids.Rows, centroids.Dimension, width, clusters.Length));
        double sum = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            double nearest = Enumerable.Range(0, 7).Min(c => Workspace.SquaredDistance(rows[row], centroids[c]));
            Assert.Equal(nearest, Workspace.SquaredDistance(rows[row], centroids[clusters[row]]), 1e-3);
            sum += nearest;
        }

        // Converged: the last assignment is that of the centroids written.
        Assert.Equal(1, sum / inertia, 1e-4);
    }

    [Fact]
    public void The_same_seed_gives_the_same_file_on_one_thread_and_on_two()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 3000, 16, 1);
        byte[] Centroids(string threads, string seed)
        {
            CommandLine.Run("cluster", vectors, "-k", "30", "--iterations", "4", "--threads", threads, "--seed", seed, "--out", workspace["c.npy"], "--json").Json();
            return File.ReadAllBytes(workspace["c.npy"]);
        }

        byte[] one = Centroids("1", "7");
        Assert.Equal(one, Centroids("2", "7"));
        Assert.NotEqual(one, Centroids("2", "8"));
    }

    [Fact]
    public void A_sample_limits_the_clusters()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 100, 4, 1);
        Assert.Contains(
            "give 1 to 50", CommandLine.Run("cluster", vectors, "-k", "51", "--sample", "50", "--out", workspace["c.npy"]).Failure(2), StringComparison.Ordinal);
        Assert.Contains("give 1 to 100", CommandLine.Run("cluster", vectors, "-k", "101", "--out", workspace["c.npy"]).Failure(2), StringComparison.Ordinal);
        CommandLine.Run("cluster", vectors, "-k", "50", "--sample", "50", "--out", workspace["c.npy"], "--json").Json();
    }

    [Fact]
    public void Spherical_centroids_have_length_1()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 300, 5, 1);
        CommandLine.Run("cluster", vectors, "-k", "6", "--spherical", "--out", workspace["c.npy"], "--json").Json();
        var centroids = VectorFile.Read(workspace["c.npy"], TestContext.Current.CancellationToken);
        for (int row = 0; row < centroids.Rows; row++)
            Assert.Equal(1, Workspace.SquaredDistance(centroids[row], new float[5]), 1e-5);
    }

    [Fact]
    public void People_get_a_row_for_each_iteration_and_a_summary()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.csv", 400, 3, 1);
        var result = CommandLine.Run("cluster", vectors, "-k", "5", "--iterations", "3", "--out", workspace["c.npy"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (string expected in (string[])["inertia", "imbalance", "moved", "│         3 │", "5 clusters", "c.npy"])
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }
}
