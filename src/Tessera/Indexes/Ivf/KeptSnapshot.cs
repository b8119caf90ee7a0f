using System.Runtime.InteropServices;
using Tessera.Kernels;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The vectors of a <see cref="KeptVectors"/> at one moment: floats or halves, of which the other have no rows.</summary>
internal sealed class KeptSnapshot(RefineStorage storage, RowSnapshot floats, RowSnapshot<ushort> halves)
{
    public RefineStorage Storage => storage;

    public RowSnapshot Floats => floats;

    public RowSnapshot<ushort> Halves => halves;

    /// <summary>Bytes, those in a file included; of a temporary file, without the room behind its vectors.</summary>
    public long Bytes => storage == RefineStorage.Mapped ? (long)floats.Rows * floats.Dimension * sizeof(float) : floats.Bytes + halves.Bytes;

    /// <summary>Gives candidates the distances of their vectors; not where none are kept.</summary>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="query">The query, normalised for cosine.</param>
    /// <param name="candidates">Their ordinals are rows here.</param>
    public void Measure(Metric metric, ReadOnlySpan<float> query, Span<Candidate> candidates)
    {
        foreach (ref Candidate candidate in candidates)
        {
            candidate = candidate with
            {
                Distance = storage == RefineStorage.Half
                    ? OfHalves(metric, query, MemoryMarshal.AsBytes(halves[candidate.Ordinal]))
                    : ExactDistance.Of(metric, query, floats[candidate.Ordinal]),
            };
        }

        // A temporary file is unmapped once nothing refers to it, and a span does not.
        GC.KeepAlive(this);
    }

    private static float OfHalves(Metric metric, ReadOnlySpan<float> query, ReadOnlySpan<byte> vector)
    {
        float distance = 0;
        var result = new Span<float>(ref distance);
        if (metric == Metric.L2)
        {
            CodeDistance.SquaredL2s<HalfCodes>(query, default, vector, default, result);
            return distance;
        }

        CodeDistance.Dots<HalfCodes>(query, vector, default, result);
        return (metric == Metric.Cosine ? 1 : 0) - distance;
    }
}
