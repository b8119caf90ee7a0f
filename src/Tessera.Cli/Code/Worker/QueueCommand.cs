using System.CommandLine;
using Spectre.Console;
using Tessera.Cli.Hosting;
using Tessera.Cli.Rendering;
using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary><c>tessera code queue</c>.</summary>
internal sealed class QueueCommand : CliCommand
{
    private const string All = "all";

    private readonly Option<string> _redis = RedisOption.Create();

    private readonly Option<string?> _requeue = new("--requeue") { Description = "Push a dead letter again, or 'all' of them.", HelpName = "ID" };

    private readonly Option<string?> _discard = new("--discard") { Description = "Drop a dead letter, or 'all' of them.", HelpName = "ID" };

    public QueueCommand()
        : base(
            "queue",
            "Show how many jobs wait, run and are done, and the dead letters with their reasons.",
            "tessera code queue",
            "tessera code queue --requeue all")
    {
        Add(_redis);
        Add(_requeue);
        Add(_discard);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        using var jobs = new RedisJobs(context.Get(_redis));
        int moved = Move(jobs, context.Find(_requeue), jobs.Requeue) + Move(jobs, context.Find(_discard), jobs.Discard);
        context.Present(new QueueResult(jobs.Name, jobs.Status, jobs.DeadLetters, moved), WorkerJson.Default.QueueResult, Render);
    }

    private static int Move(RedisJobs jobs, string? id, Func<string, bool> move)
    {
        if (id is null)
            return 0;
        if (id == All)
            return jobs.DeadLetters.Count(letter => move(letter.Id));
        return move(id) ? 1 : throw new FailureException($"There is no dead letter {id} in {jobs.Name}; see those that there are with 'tessera code queue'.");
    }

    private static void Render(IAnsiConsole console, QueueResult result)
    {
        JobQueueStatus status = result.Status;
        if (result.Moved > 0)
            console.MarkupLineInterpolated($"Moved {Figures.Count(result.Moved)} dead letters.");
        console.MarkupLineInterpolated(
            $"{result.Queue}: {status.Waiting} waiting, {status.Running} running, {status.Delayed} delayed, {status.Completed} done, {status.Duplicates} dropped as duplicates, {status.Dead} dead.");
        if (result.DeadLetters.Count == 0)
            return;
        Table table = FigureTable.Columns("id", "job", "reason", "deliveries");
        foreach (DeadLetter letter in result.DeadLetters)
            table.AddRow(Markup.Escape(letter.Id), Markup.Escape(letter.Payload), Markup.Escape(letter.Reason), $"{letter.Deliveries}");
        console.Write(table);
    }
}
