namespace Tessera.Monitoring;

/// <summary>The names under which the engine reports what it does, for <c>MeterListener</c>, <c>ActivityListener</c> or OpenTelemetry; docs/monitoring.md lists what each means. Nothing is measured while nobody listens.</summary>
public static class TesseraDiagnostics
{
    /// <summary>The meter.</summary>
    public const string MeterName = "Tessera";

    /// <summary>The source of activities (spans).</summary>
    public const string ActivitySourceName = "Tessera";

    /// <summary>Tag of all measurements: the index's specification without its numbers, such as <c>IVF,PQ,Refine</c>.</summary>
    public const string IndexKind = "tessera.index.kind";

    /// <summary>Queries answered (counter).</summary>
    public const string Queries = "tessera.search.queries";

    /// <summary>Time of a call of Search, of one query or of a batch, in seconds (histogram).</summary>
    public const string Duration = "tessera.search.duration";

    /// <summary>Lists of inverted files visited (counter).</summary>
    public const string Probes = "tessera.search.probes";

    /// <summary>Codes or vectors of the lists visited (counter).</summary>
    public const string Scanned = "tessera.search.scanned";

    /// <summary>Candidates ranked again by whole vectors (counter).</summary>
    public const string Reranked = "tessera.search.reranked";

    /// <summary>Recall of sampled queries against exact search, 0 to 1, as a <see cref="RecallMonitor"/> finds it (gauge).</summary>
    public const string Recall = "tessera.search.recall";

    /// <summary>Vectors that searches can find, in all indexes of a kind in this process (gauge).</summary>
    public const string Vectors = "tessera.index.vectors";

    /// <summary>Vectors that are removed and still take space (gauge).</summary>
    public const string Removed = "tessera.index.removed";

    /// <summary>Memory of all indexes of a kind in this process, mapped files included, in bytes (gauge).</summary>
    public const string Memory = "tessera.index.memory";
}
