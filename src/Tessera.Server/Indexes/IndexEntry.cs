namespace Tessera.Server.Indexes;

/// <summary>What is known of an index.</summary>
internal sealed record IndexEntry(
    string Name, string Specification, string Metric, int Dimension, long Count, long Removed, int Lists, string? Knob, long Bytes, double BytesPerVector, IReadOnlyList<string> Tags);
