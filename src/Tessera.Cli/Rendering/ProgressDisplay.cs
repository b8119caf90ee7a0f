using Spectre.Console;
using Tessera.Quantization;

namespace Tessera.Cli.Rendering;

/// <summary>Bars with rate and time left, one for each stage of the work; nothing without a terminal.</summary>
internal sealed class ProgressDisplay(IAnsiConsole? console)
{
    /// <summary>Runs work that reports its stages.</summary>
    public T Run<T>(Func<IProgress<TrainingProgress>?, T> work)
    {
        if (console is null)
            return work(null);
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
            .Start(bars => work(new StageBars(bars)));
    }

    /// <summary>Reports are taken on the caller's thread, so that they keep their order and cost no thread switch.</summary>
    private sealed class StageBars(ProgressContext bars) : IProgress<TrainingProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Report(TrainingProgress value)
        {
            lock (_tasks)
            {
                if (!_tasks.TryGetValue(value.Stage, out var task))
                    _tasks.Add(value.Stage, task = bars.AddTask(Markup.Escape(value.Stage)));
                task.MaxValue = Math.Max(value.Total, 1);
                // Reports of several threads may overtake each other.
                task.Value = Math.Max(task.Value, value.Done);
            }
        }
    }
}
