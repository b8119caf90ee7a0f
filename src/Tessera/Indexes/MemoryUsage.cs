namespace Tessera.Indexes;

/// <summary>The memory of an index: what the formula says, and what is really held.</summary>
/// <param name="Vectors">Vectors in the index.</param>
/// <param name="CodeBytesPerVector">Formula: bytes of one vector's code (8 for 8 subquantizers of 8 bits; 4 * dimension for a flat index).</param>
/// <param name="RawBytesPerVector">Formula: bytes of the vector as float32.</param>
/// <param name="MeasuredBytes">All arrays that the index holds or maps: codes, ids, terms, centroids, codebooks, kept vectors, spare room.</param>
public readonly record struct MemoryUsage(long Vectors, double CodeBytesPerVector, int RawBytesPerVector, long MeasuredBytes)
{
    /// <summary>Formula: raw bytes over code bytes (576 for 1152 dimensions in 8 codes of 8 bits).</summary>
    public double CompressionRatio => RawBytesPerVector / CodeBytesPerVector;

    /// <summary>Formula: bytes of all codes.</summary>
    public double EstimatedCodeBytes => Vectors * CodeBytesPerVector;

    /// <summary>Measured bytes for each vector, everything included; 0 when empty.</summary>
    public double MeasuredBytesPerVector => Vectors == 0 ? 0 : (double)MeasuredBytes / Vectors;
}
