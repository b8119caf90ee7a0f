using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary><c>cluster --method mixture</c>.</summary>
internal sealed class MixtureMethod : ClusterMethod
{
    private readonly MixtureOptions _own;

    public MixtureMethod(ClusterOptions options)
        : this(options, new MixtureOptions())
    {
    }

    private MixtureMethod(ClusterOptions options, MixtureOptions own)
        : base(options, "mixture", own.All) => _own = own;

    public override void Check(CommandContext context)
    {
        OutputFile.Check(context.Find(_own.Model), "--model", ".tsr");
        OutputFile.Check(context.Find(_own.Memberships), "--memberships", ".csv");
    }

    public override void Run(ClusterJob job)
    {
        int pca = job.Context.Get(_own.Pca);
        if (pca > job.Vectors.Dimension)
            throw new UsageException($"--pca is {pca}, but vectors have {job.Vectors.Dimension} dimensions; give 0 to {job.Vectors.Dimension}.");
        int[] components = [.. (job.Context.Find(_own.Try) ?? []).Append(job.Context.Get(Shared.K)).Distinct().Order()];
        if (components[^1] > job.Vectors.Rows)
            throw new UsageException($"--try asks for {components[^1]} components of {job.Vectors.Rows} vectors; give 1 to {job.Vectors.Rows}.");
        var settings = new GaussianMixtureOptions
        {
            Components = components[0],
            Covariance = job.Context.Get(_own.Covariance) == "full" ? CovarianceShape.Full : CovarianceShape.Diagonal,
            PrincipalDirections = pca,
            Iterations = job.Context.Find(Shared.Iterations) ?? 100,
            Redo = job.Context.Get(Shared.Redo),
            MaxBytes = (long)job.Context.Get(_own.Memory) << 20,
            Seed = job.Context.Seed,
            Threads = job.Context.Threads,
        };
        var watch = Stopwatch.StartNew();
        long each = settings.Iterations + 1L, runs = settings.Redo * each;
        var selection = WithProgress<MixtureSelection, MixtureIteration>(
            job,
            components.Length * runs,
            iteration => Array.IndexOf(components, iteration.Components) * runs + iteration.Run * each + iteration.Iteration + 1,
            progress => Fit(job, settings, components, progress));
        double seconds = watch.Elapsed.TotalSeconds;

        job.CancellationToken.ThrowIfCancellationRequested();
        Write(job, selection.Best);
        var result = new MixtureResult(
            selection.Best.Components,
            selection.Best.History.Count,
            Figures.Significant(selection.Best.LogLikelihood, 8),
            Figures.Significant(selection.Best.Bic, 10),
            Figures.Significant(seconds, 4),
            [.. selection.Candidates.Select(candidate => new MixtureRow(candidate.Components, Figures.Significant(candidate.LogLikelihood, 8), Figures.Significant(candidate.Bic, 10)))]);
        string output = job.Context.Get(Shared.Out);
        job.Context.Present(result, CliJson.Default.MixtureResult, (console, shown) => Render(console, shown, output));
    }

    /// <summary>What is wrong with settings that depend on the data, such as the memory, becomes one line.</summary>
    private static MixtureSelection Fit(ClusterJob job, GaussianMixtureOptions settings, int[] components, IProgress<MixtureIteration>? progress)
    {
        try
        {
            return GaussianMixture.Choose(job.Vectors, settings, components, progress, job.CancellationToken);
        }
        catch (ArgumentOutOfRangeException exception) when (exception.ParamName == nameof(GaussianMixtureOptions.MaxBytes))
        {
            throw new UsageException($"--memory is {settings.MaxBytes >> 20} MiB, too little for {components[^1]} components of {job.Vectors.Rows} vectors; give more, or fewer components or --pca directions.");
        }
        catch (InvalidOperationException exception)
        {
            throw new FailureException(exception.Message);
        }
    }

    private void Write(ClusterJob job, GaussianMixtureModel model)
    {
        VectorFile.Write(job.Context.Get(Shared.Out), model.Centroids, job.CancellationToken);
        if (job.Context.Find(_own.Model) is { } file)
            model.Save(file);
        if (job.Context.Find(Shared.Assignments) is { } path)
            WriteAssignments(path, job, block => model.Assign(block, job.Context.Threads, job.CancellationToken));
        if (job.Context.Find(_own.Memberships) is { } memberships)
            WriteMemberships(memberships, job, model, job.Context.Get(_own.Threshold));
    }

    private static void WriteMemberships(string path, ClusterJob job, GaussianMixtureModel model, double threshold)
    {
        var text = new StringBuilder("vector,component,probability\n");
        long first = 0;
        foreach (var block in job.Input.Blocks(job.CancellationToken))
        {
            foreach (var membership in model.Memberships(block, threshold, job.Context.Threads, job.CancellationToken))
                text.Append(CultureInfo.InvariantCulture, $"{first + membership.Vector},{membership.Component},{membership.Probability:0.####}\n");
            first += block.Rows;
        }

        OutputFile.WriteText(path, text.ToString());
    }

    private static void Render(IAnsiConsole console, MixtureResult result, string output)
    {
        var table = FigureTable.Columns("components", "log-likelihood", "BIC");
        foreach (var row in result.Candidates)
            table.AddRow($"{row.K}", $"{row.LogLikelihood:G7}", $"{row.Bic:G7}");
        console.Write(table);
        console.MarkupLineInterpolated(
            $"[bold]{result.K} components[/] in {Figures.Seconds(result.Seconds)} and {result.Iterations} iterations: log-likelihood {result.LogLikelihood:G7}, BIC {result.Bic:G7}. Means written to {output}.");
    }
}
