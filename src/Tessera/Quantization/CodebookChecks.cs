using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>What every quantiser of learned codebooks asks of its settings, its training sample and the room it is given.</summary>
internal static class CodebookChecks
{
    /// <summary>Training vectors for each centroid below which training warns.</summary>
    public const int MinPointsPerCentroid = 39;

    public static void RequireBits(int bits)
    {
        if (bits is < 1 or > 16)
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "Bits must be between 1 and 16.");
    }

    public static void RequireSample(Matrix sample, int dimension, int centroids)
    {
        if (sample.Dimension != dimension)
            throw new ArgumentException($"The dimension is {sample.Dimension}, but this quantiser takes {dimension}.", nameof(sample));
        if (sample.Rows < centroids)
            throw new ArgumentException($"{sample.Rows} training vectors are too few for codebooks of {centroids} centroids: give at least {centroids}, better {MinPointsPerCentroid * centroids}, or use fewer bits.", nameof(sample));
        VectorChecks.RequireFinite(sample, nameof(sample));
    }

    public static TrainingReport Report(int vectors, int centroids) => new(vectors, vectors < MinPointsPerCentroid * centroids
        ? [$"{vectors} training vectors are few for codebooks of {centroids} centroids; {MinPointsPerCentroid * centroids} would be enough."]
        : []);

    public static void RequireVectors(Matrix vectors, int dimension, int codeSize, ReadOnlyMemory<byte> codes)
    {
        VectorChecks.RequireDimension(vectors.Dimension, dimension, nameof(vectors));
        if (codes.Length != (long)vectors.Rows * codeSize)
            throw new ArgumentException($"{vectors.Rows} codes take {(long)vectors.Rows * codeSize} bytes, not {codes.Length}.", nameof(codes));
        VectorChecks.RequireFinite(vectors, nameof(vectors));
    }

    public static void RequireCodes(ReadOnlySpan<byte> codes, int codeSize, ReadOnlySpan<float> vectors, int dimension)
    {
        if (codes.Length % codeSize != 0 || vectors.Length != (long)codes.Length / codeSize * dimension)
            throw new ArgumentException($"Codes of {codeSize} bytes decode to {dimension} numbers each; got {codes.Length} bytes and room for {vectors.Length} numbers.", nameof(codes));
    }
}
