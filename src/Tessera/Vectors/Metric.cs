namespace Tessera.Vectors;

/// <summary>How two vectors are compared. Every distance that Tessera returns is smaller for nearer vectors.</summary>
public enum Metric
{
    /// <summary>Squared Euclidean distance, sum((a - b)^2).</summary>
    L2,

    /// <summary>Inner product; the distance is -sum(a * b), so that the largest product comes first.</summary>
    InnerProduct,

    /// <summary>Cosine; the distance is 1 - cos(a, b). Vectors are normalised when they enter; a zero vector stays zero and has distance 1 to everything.</summary>
    Cosine,
}
