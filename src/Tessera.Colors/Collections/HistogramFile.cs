using Tessera.Colors.Transport;
using Tessera.Storage;

namespace Tessera.Colors.Collections;

/// <summary>The histograms of a collection in one mapped file, four bytes a bin, by rising id. Open as long as anyone may read from it.</summary>
internal sealed class HistogramFile : IDisposable
{
    private const string Kind = "tessera.colors.histograms";

    private readonly TsrReader _reader;
    private readonly ReadOnlyMemory<long> _ends;
    private readonly ReadOnlyMemory<uint> _entries;

    private HistogramFile(TsrReader reader)
    {
        _reader = reader;
        Ids = reader.Read<long>("ids");
        _ends = reader.ReadExactly<long>("ends", Ids.Length);
        _entries = reader.Read<uint>("entries");
        long last = 0;
        foreach (long end in _ends.Span)
        {
            if (end <= last || end > _entries.Length)
                throw reader.Error("ends", $"a histogram ends at {end}, which cannot be behind {last} with {_entries.Length} entries.");
            last = end;
        }
    }

    /// <summary>The ids, rising.</summary>
    public ReadOnlyMemory<long> Ids { get; }

    /// <summary>The entries of a histogram.</summary>
    public ReadOnlyMemory<uint> this[int row]
    {
        get
        {
            int start = row == 0 ? 0 : (int)_ends.Span[row - 1];
            return _entries[start..(int)_ends.Span[row]];
        }
    }

    /// <exception cref="TesseraFormatException">The file is damaged or something else.</exception>
    public static HistogramFile Open(string path)
    {
        TsrReader reader = TsrReader.Open(path, verify: false);
        try
        {
            reader.RequireKind(Kind);
            return new HistogramFile(reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Writes histograms beside their target and renames the file.</summary>
    public static void Write(string path, ReadOnlySpan<long> ids, Func<int, ReadOnlyMemory<uint>> entriesOf, CancellationToken cancellationToken)
    {
        var ends = new long[ids.Length];
        using TsrWriter writer = TsrWriter.Create(path, Kind);
        writer.Write("ids", ids);
        writer.Begin<uint>("entries");
        long end = 0;
        for (int row = 0; row < ids.Length; row++)
        {
            if (row % 4096 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<uint> entries = entriesOf(row).Span;
            writer.Append(entries);
            ends[row] = end += entries.Length;
        }

        writer.End();
        writer.Write<long>("ends", ends);
        writer.Commit();
    }

    public void Dispose() => _reader.Dispose();
}
