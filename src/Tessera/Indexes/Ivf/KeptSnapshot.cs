using System.Diagnostics;
using System.Runtime.InteropServices;
using Tessera.Kernels;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The vectors of a <see cref="KeptVectors"/> at one moment: floats or halves, of which the other have no rows.</summary>
internal sealed class KeptSnapshot(RefineStorage storage, RowSnapshot floats, RowSnapshot<ushort> halves)
{
    /// <summary>Microseconds for each candidate from which its vector cannot have been in memory: it takes a fraction of one there, and tens to hundreds from a disk.</summary>
    private const double FromDisk = 4;

    /// <summary>Whether the last candidates had to wait for a disk.</summary>
    private bool _waited;

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
        long start = Stopwatch.GetTimestamp();
        // All at once a disk fetches them in little more time than one. Where they are in memory, asking would take longer than reading.
        if (Volatile.Read(ref _waited))
            Fetch(candidates);
        foreach (ref Candidate candidate in candidates)
        {
            candidate = candidate with
            {
                Distance = storage == RefineStorage.Half
                    ? OfHalves(metric, query, MemoryMarshal.AsBytes(halves[candidate.Ordinal]))
                    : ExactDistance.Of(metric, query, floats[candidate.Ordinal]),
            };
        }

        Volatile.Write(ref _waited, Stopwatch.GetElapsedTime(start).TotalMicroseconds > FromDisk * candidates.Length);
        // A temporary file is unmapped once nothing refers to it, and a span does not.
        GC.KeepAlive(this);
    }

    private void Fetch(ReadOnlySpan<Candidate> candidates)
    {
        foreach (Candidate candidate in candidates)
        {
            if (storage == RefineStorage.Half)
                halves.Fetch(candidate.Ordinal);
            else
                floats.Fetch(candidate.Ordinal);
        }
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
