using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>
/// Ids in <c>.ivecs</c> files, k for each query: what a search found, or the true neighbours that it is measured against.
/// </summary>
public static class IdFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">An <c>.ivecs</c> file.</param>
    /// <returns>The ids, row after row, and how many each row has. -1 stands for no answer.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is empty, damaged or cut short, or its rows are of different lengths.</exception>
    public static (int[] Ids, int K) Read(string path)
    {
        using SafeFileHandle handle = InputFile.Open(path);
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        long length = stream.Length;
        RecordLayout layout = VecsHeader.Read(new FileHeader(path, stream, length, compressed: false), ElementKind.I32);
        if (layout.Rows * layout.Dimension > Array.MaxLength)
            throw new InvalidOperationException($"{path}: {layout.Rows} rows of {layout.Dimension} ids are more than one array holds.");
        int k = layout.Dimension;
        var ids = new int[layout.Rows * k];
        int recordBytes = (int)layout.RecordBytes;
        int blockRows = (int)Math.Clamp(BufferBytes / recordBytes, 1, layout.Rows);
        var buffer = new byte[blockRows * recordBytes];
        stream.Position = 0;
        for (long row = 0; row < layout.Rows; row += blockRows)
        {
            int rows = (int)Math.Min(blockRows, layout.Rows - row);
            InputFile.ReadExactly(stream, buffer.AsSpan(0, rows * recordBytes), path, "rows", row * recordBytes);
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<byte> record = buffer.AsSpan(i * recordBytes, recordBytes);
                if (BinaryPrimitives.ReadInt32LittleEndian(record) is int other && other != k)
                    throw new TesseraFormatException(
                        path, $"row {row + i} (from 0)", (row + i) * recordBytes, $"the row has {other} ids where the first has {k}.");
                MemoryMarshal.Cast<byte, int>(record[VecsHeader.PrefixBytes..]).CopyTo(ids.AsSpan((int)(row + i) * k, k));
            }
        }
        return (ids, k);
    }

    /// <summary>Writes a file beside its target, flushes it and renames it.</summary>
    /// <param name="path">Where it will appear; the name ends in <c>.ivecs</c>.</param>
    /// <param name="ids">k for each row; at least one row; each fits 32 bits.</param>
    /// <param name="k">Ids in a row, at least 1.</param>
    /// <exception cref="ArgumentException">The name ends otherwise, these are not whole rows, or an id does not fit.</exception>
    public static void Write(string path, ReadOnlySpan<long> ids, int k)
    {
        var narrow = new int[ids.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            if (ids[i] is < int.MinValue or > int.MaxValue)
                throw new ArgumentException($"Id {ids[i]} does not fit the 32 bits of an .ivecs file.", nameof(ids));
            narrow[i] = (int)ids[i];
        }
        Write(path, narrow.AsSpan(), k);
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{long}, int)"/>
    public static void Write(string path, ReadOnlySpan<int> ids, int k)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(".ivecs", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"'{path}' is no name for ids; use one that ends in .ivecs.", nameof(path));
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (ids.IsEmpty || ids.Length % k != 0)
            throw new ArgumentException($"{ids.Length} ids are not one or more rows of {k}.", nameof(ids));
        using AtomicFile file = AtomicFile.Create(path, BufferBytes);
        Span<byte> prefix = stackalloc byte[VecsHeader.PrefixBytes];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, k);
        for (; !ids.IsEmpty; ids = ids[k..])
        {
            file.Stream.Write(prefix);
            file.Stream.Write(MemoryMarshal.AsBytes(ids[..k]));
        }
        file.Commit();
    }
}
