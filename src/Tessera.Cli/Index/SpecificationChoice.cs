using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary><c>tessera index tune VECTORS</c>: chooses a specification and shows what it and the others did.</summary>
internal static class SpecificationChoice
{
    public static void Execute(CommandContext context, string path, Matrix queries, double recall, int sample, string? plot, SpecificationTuningOptions options, CancellationToken cancellationToken)
    {
        long rows;
        using (var reader = VectorFile.Open(path))
        {
            rows = reader.Rows;
            if (reader.Dimension != queries.Dimension)
                throw new FailureException($"{path}: holds vectors of dimension {reader.Dimension}, the queries are of {queries.Dimension}; give queries of dimension {reader.Dimension}.");
            if (rows < options.Evaluation.K)
                throw new UsageException($"-k is {options.Evaluation.K}, but the file holds {rows} vectors; give 1 to {rows}.");
        }

        var vectors = VectorFile.Sample(path, (int)Math.Min(rows, sample), options.Build.Seed, cancellationToken);
        var tuning = context.Progress.Run(progress => SpecificationTuner.Tune(
            vectors, queries, recall, options, progress is null ? null : new TrialProgress(progress), cancellationToken));

        var trials = tuning.Trials.Select(SpecificationRow.From).ToArray();
        var best = tuning.Best is null ? null : SpecificationRow.From(tuning.Best);
        double? memory = double.IsInfinity(options.BytesPerVector) ? null : options.BytesPerVector;
        var result = new SpecificationResult(options.Evaluation.K, queries.Rows, vectors.Rows, recall, memory, tuning.Reached, best, trials);
        if (plot is not null && trials.Length > 0)
            OutputFile.WriteText(plot, Draw(result));
        context.Present(result, CliJson.Default.SpecificationResult, (console, found) => Render(console, found, path, plot));
    }

    private static void Render(IAnsiConsole console, SpecificationResult result, string path, string? plot)
    {
        var table = FigureTable.Columns("vectors", "specification", "setting", $"recall@{result.K}", "queries/s", "bytes a vector", "trained on", "build s");
        foreach (var row in result.Trials)
        {
            table.AddRow(
                Figures.Count(row.Vectors), row.Spec, row.Setting, Figures.Fixed(row.Recall, 4), Figures.Rate(row.Qps),
                $"{row.BytesPerVector:0.#}{(row.Fits ? "" : " !")}", row.Train == 0 ? "" : Figures.Count(row.Train), Figures.Fixed(row.BuildSeconds, 2));
        }

        console.Write(table);
        if (result.Trials.Any(row => !row.Fits))
            console.MarkupLineInterpolated($"! more than --memory {result.Memory}");
        if (plot is not null && result.Trials.Count > 0)
            console.MarkupLineInterpolated($"Plot written to {plot}.");
        if (result.Best is not { } best)
        {
            console.MarkupLineInterpolated($"[bold]Nothing fits in {result.Memory} bytes a vector.[/] A larger --memory is needed.");
            return;
        }

        string measured = $"recall {Figures.Fixed(best.Recall, 4)}, {Figures.Rate(best.Qps)} queries/s, {best.BytesPerVector:0.#} bytes a vector, built in {Figures.Seconds(best.BuildSeconds)}";
        if (result.Reached)
            console.MarkupLineInterpolated($"[bold]{best.Spec}[/] with {best.Setting} is the fastest for recall {result.Target}: {measured}.");
        else
            console.MarkupLineInterpolated($"[bold]Nothing reaches recall {result.Target}.[/] The nearest is {best.Spec} with {best.Setting}: {measured}.");
        string train = best.Train == 0 ? "" : $" --train {best.Train}";
        console.MarkupLineInterpolated($"Next: [bold]tessera index build {path} --spec {best.Spec}{train} --out INDEX.tsr[/]");
    }

    /// <summary>Speed against memory, of the trials on all vectors or, where there is no other, on the subset.</summary>
    private static string Draw(SpecificationResult result)
    {
        SpecificationRow[] reach = [.. result.Trials.Where(row => row.Reached)], others = [.. result.Trials.Where(row => !row.Reached)];
        return new SvgPlot(
            $"Speed against memory at recall {result.Target}",
            PlotAxis.Logarithmic("bytes a vector", [.. result.Trials.Select(row => row.BytesPerVector)]),
            PlotAxis.Logarithmic("queries/s", [.. result.Trials.Select(row => row.Qps)]),
            [
                new PlotSeries("reaches the recall", Points(reach)) { IsJoined = false },
                new PlotSeries("does not", Points(others)) { IsJoined = false },
            ]).Render();
    }

    private static PlotPoint[] Points(SpecificationRow[] rows) =>
    [
        .. rows.Select(row => new PlotPoint(
            row.BytesPerVector, row.Qps, row.Spec,
            $"{row.Spec} with {row.Setting}, {Figures.Count(row.Vectors)} vectors: recall {Figures.Fixed(row.Recall, 4)}, {Figures.Rate(row.Qps)} queries/s, {row.BytesPerVector:0.#} bytes a vector")),
    ];

    private sealed class TrialProgress(IProgress<TrainingProgress> progress) : IProgress<SpecificationTrial>
    {
        private int _trials;

        // How many there will be is not known before; the bar stays one short until the end.
        public void Report(SpecificationTrial value) => progress.Report(new TrainingProgress("specifications tried", ++_trials, _trials + 1));
    }
}
