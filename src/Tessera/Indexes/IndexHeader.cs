using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>What every index file says of itself.</summary>
internal readonly record struct IndexHeader(string Specification, int Dimension, Metric Metric, int Count);
