using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Tessera.Cli.Demo;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.CodeMap;
using Tessera.CodeMap.Retrieval;

namespace Tessera.Cli.Code;

/// <summary><c>tessera code eval</c>.</summary>
internal sealed class EvalCommand : CliCommand
{
    private static readonly RetrievalMode[] Modes = [RetrievalMode.Words, RetrievalMode.Local, RetrievalMode.Hybrid, RetrievalMode.Global];

    private readonly Argument<string> _path = new("PATH") { Description = "The folder of the code base." };

    private readonly Option<int> _questions = new Option<int>("--questions")
    {
        Description = "Questions at most; of more a sample is drawn.",
        DefaultValueFactory = _ => 1000,
        HelpName = "N",
    }.AtLeast(1);

    private readonly Option<EvaluationHalf> _half = new("--half")
    {
        Description = "Which of them are asked: all, tuning (by which the weights were chosen), heldout (by which nothing was).",
        DefaultValueFactory = _ => EvaluationHalf.All,
    };

    private readonly Option<string?> _broad = new("--broad")
    {
        Description = "Ask the broad questions of this JSON file instead, [{\"question\": ..., \"folders\": [...]}], and look whether the right folder is found.",
        HelpName = "FILE",
    };

    public EvalCommand()
        : base(
            "eval",
            "Measure how well methods and types are found by the comments above them, which the map is not shown.",
            "tessera code eval ~/src/project",
            "tessera code eval . --questions 200 --json",
            "tessera code eval . --half heldout",
            "tessera code eval ~/src/orleans --broad bench/codemap/broad-orleans.json")
    {
        Add(_path);
        Add(_questions);
        Add(_half);
        Add(_broad);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        string root = Path.GetFullPath(context.Get(_path));
        if (context.Find(_broad) is { } file)
        {
            context.Present(Broad(context, root, file, cancellationToken), CodeJson.Default.CodeBroadResult, RenderBroad);
            return;
        }

        CodeEvalResult result = context.Progress.Run(progress =>
        {
            MapProgress? told = progress is null ? null : new MapProgress(progress);
            var options = new CodeMapOptions { Seed = context.Seed, Threads = context.Threads, ReadDocumentation = false };
            using CodeMapSnapshot map = CodeMapBuilder.Build(root, options, told, cancellationToken);
            if (map.Entities.Count == 0)
                throw new FailureException($"{root}: no code was found there; give a folder of sources.");
            IReadOnlyList<RetrievalScore> scores = RetrievalEvaluation.Run(map, Modes, context.Get(_questions), context.Seed, context.Get(_half), told, cancellationToken);
            if (scores[0].Questions == 0)
                throw new FailureException($"{root}: none of its {map.Entities.Count} methods and types has a comment of five words or more above it to ask for, or none of the half that was asked for.");
            return new CodeEvalResult(root, map.Files, map.Entities.Count, scores[0].Questions, [.. scores.Select(score => new CodeEvalRow(
                score.Mode.ToString().ToLowerInvariant(), Figures.Significant(score.Recall, 4), Figures.Significant(score.MeanReciprocalRank, 4)))]);
        });
        context.Present(result, CliJson.Default.CodeEvalResult, Render);
    }

    private static CodeBroadResult Broad(CommandContext context, string root, string file, CancellationToken cancellationToken)
    {
        BroadQuestion[]? questions;
        try
        {
            questions = JsonSerializer.Deserialize(File.ReadAllText(file), QuestionJson.Default.BroadQuestionArray);
        }
        catch (JsonException problem)
        {
            throw new FailureException($"{file}: no list of questions with folders: {problem.Message}");
        }

        if (questions is not { Length: > 0 } || questions.Any(question => string.IsNullOrWhiteSpace(question.Question) || question.Folders is not { Count: > 0 }))
            throw new FailureException($"{file}: give a list of questions, each with \"question\" and \"folders\".");
        return context.Progress.Run(progress =>
        {
            var options = new CodeMapOptions { Seed = context.Seed, Threads = context.Threads };
            using CodeMapSnapshot map = CodeMapBuilder.Build(root, options, progress is null ? null : new MapProgress(progress), cancellationToken);
            IReadOnlyList<BroadScore> scores = BroadEvaluation.Run(map, Modes, questions, cancellationToken);
            return new CodeBroadResult(root, map.Files, map.Entities.Count, questions.Length, [.. scores.Select(score => new CodeBroadRow(
                CodeNames.Of(score.Mode), score.First, score.Found, Figures.Significant(score.MeanReciprocalRank, 4)))]);
        });
    }

    private static void RenderBroad(IAnsiConsole console, CodeBroadResult result)
    {
        console.MarkupLineInterpolated($"{result.Questions} broad questions over {Figures.Count(result.Entities)} methods and types in {Figures.Count(result.Files)} files: how often the right folder is found.");
        Table table = FigureTable.Columns("mode", "first", $"among {BroadEvaluation.Depth}", "MRR");
        foreach (CodeBroadRow row in result.Rows)
            table.AddRow(row.Mode, $"{row.First}", $"{row.Found}", Figures.Fixed(row.Mrr, 3));
        console.Write(table);
    }

    private static void Render(IAnsiConsole console, CodeEvalResult result)
    {
        console.MarkupLineInterpolated($"{Figures.Count(result.Questions)} of {Figures.Count(result.Entities)} methods and types in {Figures.Count(result.Files)} files, asked for by the comments above them.");
        Table table = FigureTable.Columns("mode", $"recall@{RetrievalEvaluation.Depth}", "MRR");
        foreach (CodeEvalRow row in result.Rows)
            table.AddRow(row.Mode, Figures.Fixed(row.Recall, 3), Figures.Fixed(row.Mrr, 3));
        console.Write(table);
    }
}
