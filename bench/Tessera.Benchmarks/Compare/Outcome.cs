namespace Tessera.Benchmarks.Compare;

/// <summary>What came of one line's task.</summary>
/// <param name="Work">The line.</param>
/// <param name="Contestants">Tessera first, then the others.</param>
internal sealed record Outcome(Work Work, IReadOnlyList<Contestant> Contestants)
{
    /// <summary>Tessera beside each of the others.</summary>
    public IEnumerable<Row> Rows
    {
        get
        {
            Contestant ours = Contestants[0];
            return Contestants.Skip(1).Select(theirs => new Row(
                Work.Title,
                ours.Describe(ours),
                theirs.Name,
                theirs.Describe(ours),
                ours.Failure is null && theirs.Failure is null ? Figure.Ratio(ours.Costs, theirs.Costs) : ""));
        }
    }
}
