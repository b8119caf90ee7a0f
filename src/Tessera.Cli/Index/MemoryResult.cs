namespace Tessera.Cli.Index;

/// <summary>Memory as <c>index info</c> prints it: by formula, and measured.</summary>
internal sealed record MemoryResult(
    double CodeBytesPerVector,
    int RawBytesPerVector,
    double CompressionRatio,
    double EstimatedCodeBytes,
    long MeasuredBytes,
    double MeasuredBytesPerVector);
