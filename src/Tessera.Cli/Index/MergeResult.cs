namespace Tessera.Cli.Index;

/// <summary>What <c>index merge</c> prints.</summary>
internal sealed record MergeResult(long Vectors, int Dimension, string Spec, double Seconds, long FileBytes);
