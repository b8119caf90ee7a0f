namespace Tessera.Cli.Index;

/// <summary>What <c>index build</c> prints.</summary>
internal sealed record BuildResult(
    long Vectors,
    int Dimension,
    string Spec,
    double TrainSeconds,
    double AddSeconds,
    long FileBytes,
    double BytesPerVector,
    long PeakMemoryBytes);
