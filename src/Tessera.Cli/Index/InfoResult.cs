namespace Tessera.Cli.Index;

/// <summary>What <c>index info</c> prints.</summary>
internal sealed record InfoResult(
    string Kind,
    string Spec,
    int Dimension,
    string Metric,
    long Vectors,
    long? Removed,
    IReadOnlyList<string>? Tags,
    bool Trained,
    int? Lists,
    int? Probes,
    int? Ef,
    int? Leaves,
    int? Beam,
    long FileBytes,
    MemoryResult Memory);
