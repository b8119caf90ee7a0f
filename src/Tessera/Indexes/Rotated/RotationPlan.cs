using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The rotation in front of an index, as a factory string asks for it.</summary>
/// <param name="Kind">How it is made.</param>
/// <param name="Parts">Parts of the product codes that it is learned for; 0 for the other kinds.</param>
/// <param name="Outputs">Numbers in a rotated vector; null for as many as in a vector, or a few more where the parts do not divide it.</param>
internal sealed record RotationPlan(RotationKind Kind, int Parts, int? Outputs)
{
    /// <summary>Bits of each part.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Numbers in a rotated vector.</summary>
    /// <exception cref="ArgumentException">They do not fit; the message says what would.</exception>
    public int OutputsOf(int dimension)
    {
        if (Outputs < 1 || Outputs > dimension)
            throw new ArgumentException($"'{this}' keeps {Outputs} dimensions of {dimension}; give 1 to {dimension}.");
        if (Kind != RotationKind.Optimised)
            return Outputs ?? dimension;
        if (Parts < 1 || Parts > dimension)
            throw new ArgumentException($"'{this}' cuts {dimension} dimensions into {Parts} parts; give 1 to {dimension}.");
        if (Outputs % Parts > 0)
            throw new ArgumentException($"'{this}' keeps {Outputs} dimensions, which {Parts} parts do not divide; give a multiple of {Parts}.");
        return Outputs ?? (dimension + Parts - 1) / Parts * Parts;
    }

    /// <summary>Training vectors that are made use of.</summary>
    public int TrainingVectors(int each) => Kind switch
    {
        RotationKind.Random => 1,
        _ => each == 0 ? int.MaxValue : (int)Math.Min((long)each << Bits, int.MaxValue),
    };

    /// <summary>Learns or draws the rotation.</summary>
    public Rotation Make(Matrix sample, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int outputs = OutputsOf(sample.Dimension);
        return Kind switch
        {
            RotationKind.Random => Rotation.Random(sample.Dimension, outputs, options.Seed),
            RotationKind.Principal => RotationTraining.Longest(sample, outputs, options.Threads, cancellationToken),
            _ => Rotation.Train(sample, new RotationOptions
            {
                Subquantizers = Parts,
                Bits = Bits,
                Outputs = outputs,
                MaxPointsPerCentroid = options.MaxPointsPerCentroid,
                Seed = options.Seed,
                Threads = options.Threads,
            }, progress, cancellationToken),
        };
    }

    /// <summary>The plan as a factory string has it.</summary>
    public override string ToString() => Kind switch
    {
        RotationKind.Random => "RR",
        RotationKind.Principal => $"PCA{Outputs}",
        _ => $"OPQ{Parts}{(Outputs is null ? "" : $"_{Outputs}")}",
    };
}
