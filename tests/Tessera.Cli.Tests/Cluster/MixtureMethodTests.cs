using System.Globalization;
using Tessera.Cli.Tests.Hosting;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Cluster;

public sealed class MixtureMethodTests
{
    [Fact]
    public void The_result_is_one_json_object_and_the_files_agree_with_the_model()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 800, 5, 1);
        var json = CommandLine.Run(
            "cluster", vectors, "-k", "6", "--method", "mixture", "--covariance", "full", "--pca", "3", "--out", workspace["c.npy"], "--assignments", workspace["a.ivecs"],
            "--model", workspace["m.tsr"], "--memberships", workspace["p.csv"], "--threshold", "0.05", "--json").Json();

        Assert.Equal(["k", "iterations", "log_likelihood", "bic", "seconds", "candidates"], json.Names());
        Assert.Equal(6, json.Number("k"));
        var model = GaussianMixtureModel.Open(workspace["m.tsr"]);
        Assert.Equal(model.LogLikelihood, json.Number("log_likelihood"), 1e-5);
        var rows = VectorFile.Read(vectors, TestContext.Current.CancellationToken);
        Assert.Equal(model.Centroids.Span, VectorFile.Read(workspace["c.npy"], TestContext.Current.CancellationToken).Span);
        Assert.Equal(model.Assign(rows, cancellationToken: TestContext.Current.CancellationToken), IdFile.Read(workspace["a.ivecs"]).Ids);

        string[] lines = File.ReadAllLines(workspace["p.csv"]);
        var expected = model.Memberships(rows, 0.05, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("vector,component,probability", lines[0]);
        Assert.Equal(expected.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Vector},{m.Component},{m.Probability:0.####}")), lines[1..]);
    }

    [Fact]
    public void The_number_of_components_with_the_least_criterion_is_kept()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 1000, 8, 1);
        var json = CommandLine.Run("cluster", vectors, "-k", "2", "--try", "20,5", "--method", "mixture", "--out", workspace["c.npy"], "--json").Json();

        Assert.Equal([2, 5, 20], json.GetProperty("candidates").EnumerateArray().Select(row => (int)row.Number("k")));
        Assert.Equal(json.GetProperty("candidates").EnumerateArray().Min(row => row.Number("bic")), json.Number("bic"));
        Assert.Equal((int)json.Number("k"), VectorFile.Read(workspace["c.npy"], TestContext.Current.CancellationToken).Rows);
    }

    [Fact]
    public void People_get_a_row_for_each_number_and_a_summary()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 300, 4, 1);
        var result = CommandLine.Run("cluster", vectors, "-k", "2", "--try", "3", "--method", "mixture", "--out", workspace["c.npy"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (string expected in (string[])["components", "log-likelihood", "BIC", "c.npy"])
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--covariance is 'round'; give diagonal or full", "--covariance", "round")]
    [InlineData("--threshold is '2'; give a number from 0 to 1", "--threshold", "2")]
    [InlineData("--pca is 9, but vectors have 4 dimensions; give 0 to 4", "--pca", "9")]
    [InlineData("--try asks for 99 components of 50 vectors; give 1 to 50", "--try", "99")]
    [InlineData("ends in .csv", "--memberships", "soft.txt")]
    public void Settings_that_cannot_be_are_refused(string expected, params string[] options)
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 50, 4, 1);

        Assert.Contains(expected, CommandLine.Run(["cluster", vectors, "-k", "2", "--method", "mixture", "--out", workspace["c.npy"], .. options]).Failure(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_too_little_is_refused_by_the_option()
    {
        using var workspace = new Workspace();
        string vectors = workspace.WriteClustered("x.npy", 400, 60, 1);

        Assert.Contains(
            "--memory is 1 MiB",
            CommandLine.Run("cluster", vectors, "-k", "40", "--method", "mixture", "--covariance", "full", "--memory", "1", "--out", workspace["c.npy"]).Failure(2),
            StringComparison.Ordinal);
    }
}
