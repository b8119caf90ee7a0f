using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>Settings of <see cref="Rotation.Train"/>.</summary>
public sealed record RotationOptions
{
    /// <summary>Parts M of the product codes; must divide the outputs.</summary>
    public required int Subquantizers { get; init; }

    /// <summary>Bits of each part's code, 1 to 16 (default 8).</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Numbers in a rotated vector; 0 (default) for as many as in a vector. Fewer keep the directions in which vectors are longest.</summary>
    public int Outputs { get; init; }

    /// <summary>Most rounds of coding, averaging and rotating, at least 1 (default 50). Training ends sooner when a round gains next to nothing.</summary>
    public int Iterations { get; init; } = 50;

    /// <summary>Training vectors for each centroid of a part, beyond which the training set is sampled (default 256; 0 uses all).</summary>
    public int MaxPointsPerCentroid { get; init; } = 256;

    /// <summary>Seed of all random choices (default 42). The same seed gives the same bits, whatever the number of threads.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads; 0 (default) uses every processor.</summary>
    public int Threads { get; init; }

    /// <summary>Refuses a setting that is out of range, by its own name, or a sample that is.</summary>
    internal void Validate(Matrix sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPointsPerCentroid);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ProductQuantizer.Validate(Outputs == 0 ? sample.Dimension : Outputs, Subquantizers, Bits);
        CodebookChecks.RequireSample(sample, sample.Dimension, 1 << Bits);
        VectorChecks.RequireMeasurable(sample, Metric.L2, nameof(sample), Threads);
    }
}
