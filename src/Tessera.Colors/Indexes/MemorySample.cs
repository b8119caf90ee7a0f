namespace Tessera.Colors.Indexes;

/// <summary>What an index took at a time.</summary>
/// <param name="Time">When.</param>
/// <param name="Vectors">Vectors in it.</param>
/// <param name="MeasuredBytes">All arrays that it held.</param>
public readonly record struct MemorySample(DateTimeOffset Time, long Vectors, long MeasuredBytes);
