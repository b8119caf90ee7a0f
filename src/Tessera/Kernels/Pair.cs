namespace Tessera.Kernels;

/// <summary>A pair that a <see cref="BelowSink"/> let through.</summary>
/// <param name="Left">Left vector.</param>
/// <param name="Right">Right vector.</param>
/// <param name="Value">offset[left] - 2 * product.</param>
internal readonly record struct Pair(int Left, int Right, float Value);
