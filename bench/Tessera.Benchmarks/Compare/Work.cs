namespace Tessera.Benchmarks.Compare;

/// <summary>One line of the comparison: a task for Tessera and for every peer that can do it.</summary>
/// <param name="Title">What it is, for a person.</param>
/// <param name="Request">The task.</param>
internal sealed record Work(string Title, Request Request)
{
    /// <summary>Done once whatever the number of rounds, because it takes a peer minutes, or because it gives the same each time.</summary>
    public bool Once { get; init; }

    /// <summary>Compares Tessera with itself on one thread instead of with peers.</summary>
    public bool AgainstOneThread { get; init; }

    /// <summary>The curve of recall and speed that this is a point of, if any.</summary>
    public TradeOff? TradeOff { get; init; }

    /// <summary>A way of a peer's that is left out, because the peer's makers advise against it for these data.</summary>
    public string? Without { get; init; }

    /// <summary>Whether a pass is run before those that count: searches are short, and the first finds cold caches.</summary>
    public bool WarmUp => Request.Task is TaskKind.FlatBatch or TaskKind.FlatSingle or TaskKind.IvfSearch or TaskKind.GraphSearch or TaskKind.ScalarScan;
}
