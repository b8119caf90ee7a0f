using System.Text;
using Tessera.Benchmarks.Data;

namespace Tessera.Benchmarks.Compare;

/// <summary>The comparison as Markdown.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public Report(string command, int threads, int rounds, IEnumerable<DataSet> data, IReadOnlyList<IRunner> runners)
    {
        Line($"# {Machine.Processor}");
        Line();
        Line($"Made by `{command}`; [README](../README.md) says what is measured and how.");
        Line();
        Line($"- Machine: {Machine.Description}");
        foreach (IRunner runner in runners)
            Line($"- {string.Join("; ", [$"{runner.Name} {runner.Version}", .. runner.About])}");
        Line($"- Beneath: {string.Join("; ", runners.SelectMany(runner => runner.Beneath).Distinct())}");
        foreach (DataSet each in data)
            Line($"- {each.Name}: {each.Base.Rows:N0} vectors of {each.Base.Dimension} numbers, {each.Queries.Rows:N0} queries");
        Line($"- {threads} {(threads == 1 ? "thread" : "threads")}; medians of {rounds} {(rounds == 1 ? "round" : "rounds")} in alternation");
        Line();
        Line("Ratio: how many times the peer's time (or bytes) is Tessera's; above 1, Tessera is ahead. In brackets, the least and the most of the rounds. Recall is the share of the true 10 nearest among the 10 found; inertia that of all vectors to the centroids returned. At recall: read from the lines of search: between two neighbouring ones the logarithm of the speed is taken as linear in the recall.");
    }

    public string Text => _text.ToString();

    /// <param name="title">The heading.</param>
    /// <param name="rows">The lines of the table.</param>
    /// <param name="plots">What is drawn in files beside this one, and their names.</param>
    public void Add(string title, IEnumerable<Row> rows, IEnumerable<(string Title, string File)> plots)
    {
        Line();
        Line($"## {title}");
        Line();
        Line("| Work | Tessera | Peer | Its figure | Ratio |");
        Line("|---|---|---|---|---|");
        foreach (Row row in rows)
            Line($"| {row.Work} | {row.Tessera} | {row.Peer} | {row.Theirs} | {row.Ratio} |");
        foreach ((string drawn, string file) in plots)
        {
            Line();
            Line($"![{drawn}: queries a second against recall]({file})");
        }
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');
}
