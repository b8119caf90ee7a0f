using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Quantization;

/// <summary>A query made ready for the codes of a <see cref="ScalarQuantizer"/>; used again for one query after another, by one thread.</summary>
internal sealed class ScalarQuery(int dimension)
{
    /// <summary>What is multiplied with codes, or subtracted from them.</summary>
    public Memory<float> Numbers { get; } = AlignedMemory.Allocate<float>(dimension);

    /// <summary>What all distances have in common.</summary>
    public float Offset { get; set; }

    /// <summary>How codes are compared with the query.</summary>
    public Metric Metric { get; set; }
}
