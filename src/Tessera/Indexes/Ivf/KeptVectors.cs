using System.Runtime.InteropServices;
using Tessera.Kernels;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>The vectors that an index keeps to rank candidates by, in the way that <see cref="RefineStorage"/> says; one writer at a time.</summary>
internal sealed class KeptVectors(int dimension, RefineStorage storage) : IDisposable
{
    /// <summary>binary16 numbers as they are, little-endian.</summary>
    private const string HalvesSection = "vectors-fp16";

    /// <summary>The largest binary16.</summary>
    private const float LargestHalf = 65504;

    private readonly RowStore _floats = new(dimension, spills: storage == RefineStorage.Mapped);
    private readonly RowStore<ushort> _halves = new(dimension);

    /// <summary>What a search sees.</summary>
    public KeptSnapshot Snapshot => new(storage, _floats.Snapshot, _halves.Snapshot);

    /// <summary>Those of an index file, in place.</summary>
    public static KeptVectors Read(TsrReader file, IndexHeader header, RefineStorage storage)
    {
        var kept = new KeptVectors(header.Dimension, storage);
        if (storage == RefineStorage.None)
            return kept;
        string section = storage == RefineStorage.Half ? HalvesSection : IndexFile.RowsSection;
        if (storage == RefineStorage.Half)
            IndexFile.ReadRows(file, header, section, kept._halves);
        else
            IndexFile.ReadRows(file, header, section, kept._floats);
        file.ExpectRandomReads(section);
        return kept;
    }

    public static void Write(TsrWriter writer, KeptSnapshot snapshot)
    {
        if (snapshot.Storage == RefineStorage.Half)
            IndexFile.WriteRows(writer, HalvesSection, snapshot.Halves);
        else if (snapshot.Storage != RefineStorage.None)
            IndexFile.WriteRows(writer, snapshot.Floats);
    }

    /// <summary>Refuses vectors that cannot be kept.</summary>
    public void Check(Matrix vectors)
    {
        int at = storage == RefineStorage.Half ? Finite.FirstBeyond(vectors.Span, LargestHalf) : -1;
        if (at >= 0)
            throw new ArgumentException($"Row {at / dimension}, column {at % dimension} is {vectors.Span[at]}; an index with Refine(fp16) keeps numbers up to {LargestHalf} in size: scale the vectors down, or use Refine.", nameof(vectors));
    }

    /// <summary>Keeps more vectors; where that fails, none of them.</summary>
    public void Append(ReadOnlySpan<float> vectors, string? spillFolder)
    {
        KeptSnapshot before = Snapshot;
        try
        {
            if (storage == RefineStorage.Half)
                AppendHalves(vectors);
            else if (storage != RefineStorage.None)
                _floats.Append(vectors, spillFolder);
        }
        catch
        {
            Restore(before);
            throw;
        }
    }

    /// <summary>Keeps vectors that another index has kept in the same way, to the bit; where that fails, none of them.</summary>
    /// <param name="others">They.</param>
    /// <param name="members">Which of them, ascending.</param>
    /// <param name="spillFolder">For vectors in a file.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public void Append(KeptSnapshot others, ReadOnlySpan<int> members, string? spillFolder, CancellationToken cancellationToken)
    {
        KeptSnapshot before = Snapshot;
        try
        {
            if (storage == RefineStorage.Half)
                others.Halves.AppendTo(_halves, members, null, cancellationToken);
            else if (storage != RefineStorage.None)
                others.Floats.AppendTo(_floats, members, spillFolder, cancellationToken);
        }
        catch
        {
            Restore(before);
            throw;
        }

        GC.KeepAlive(others);
    }

    /// <summary>Gives up the temporary file, if there is one; no search may be at work.</summary>
    public void Dispose() => _floats.Dispose();

    private void AppendHalves(ReadOnlySpan<float> vectors)
    {
        int most = Math.Max(1, (1 << 16) / dimension) * dimension;
        var block = new ushort[Math.Min(most, vectors.Length)];
        for (; !vectors.IsEmpty; vectors = vectors[Math.Min(most, vectors.Length)..])
        {
            Span<ushort> halves = block.AsSpan(0, Math.Min(most, vectors.Length));
            CodeConversion.Encode<HalfCodes>(vectors[..halves.Length], default, default, MemoryMarshal.AsBytes(halves));
            _halves.Append(halves);
        }
    }

    private void Restore(KeptSnapshot before)
    {
        _floats.Restore(before.Floats);
        _halves.Restore(before.Halves);
    }
}
