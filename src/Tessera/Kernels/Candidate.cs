namespace Tessera.Kernels;

/// <summary>A vector that may be among the nearest.</summary>
/// <param name="Distance">Smaller is nearer.</param>
/// <param name="Ordinal">Its place in the order of adding, which breaks ties.</param>
internal readonly record struct Candidate(float Distance, int Ordinal)
{
    /// <summary>Whether this one comes before another: nearer, or as near and added earlier.</summary>
    public bool Before(Candidate other) =>
        Distance < other.Distance || (Distance == other.Distance && Ordinal < other.Ordinal);
}
