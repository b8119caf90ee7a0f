using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Search;

/// <summary>What <see cref="SpecificationTuner"/> may spend, and how it measures.</summary>
public sealed record SpecificationTuningOptions
{
    /// <summary>The defaults.</summary>
    public static SpecificationTuningOptions Default { get; } = new();

    /// <summary>How vectors are compared (default L2).</summary>
    public Metric Metric { get; init; }

    /// <summary>Most bytes of the index for each vector, everything included; infinite (default) for no limit.</summary>
    public double BytesPerVector { get; init; } = double.PositiveInfinity;

    /// <summary>Vectors on which all specifications are tried first, drawn at random; at least 1000 (default 20,000).</summary>
    public int Subset { get; init; } = 20_000;

    /// <summary>Specifications that are then tried on all vectors; at least 1 (default 3).</summary>
    public int Finalists { get; init; } = 3;

    /// <summary>k, batch, passes and threads of the searches.</summary>
    public EvaluationOptions Evaluation { get; init; } = EvaluationOptions.Default;

    /// <summary>Seed, threads and iterations of the builds.</summary>
    public BuildOptions Build { get; init; } = BuildOptions.Default;

    internal void Validate()
    {
        if (!(BytesPerVector > 0))
            throw new ArgumentOutOfRangeException(nameof(BytesPerVector), BytesPerVector, "The memory of a vector is above 0 bytes.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Subset, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(Finalists, 1);
        ArgumentNullException.ThrowIfNull(Evaluation);
        ArgumentNullException.ThrowIfNull(Build);
        Evaluation.Validate();
        Build.Validate();
    }
}
