namespace Tessera.Cli.Colors;

/// <summary>What <c>colors index</c> prints.</summary>
internal sealed record IndexingResult(
    int Images,
    int Files,
    int Added,
    int Changed,
    int Moved,
    int Removed,
    int Unchanged,
    IReadOnlyList<BrokenImage> Broken,
    double ReadSeconds,
    double SaveSeconds,
    double ImagesPerSecond,
    string Index,
    long IndexBytes);
