using System.IO.Compression;
using System.Runtime.InteropServices;
using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>
/// NumPy's <c>.npz</c>: a zip archive of <c>.npy</c> files, each a matrix with a name. Arrays of two dimensions and C order in
/// the element types that <see cref="VectorFile"/> reads; what is written is float32 and compressed, as <c>numpy.savez_compressed</c> does.
/// </summary>
public static class NpzFile
{
    /// <summary>Every entry bears this date, so that the same arrays make the same file.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads the arrays that are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">Names of arrays, without <c>.npy</c>.</param>
    /// <returns>One matrix for each name.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is no archive, or an array is missing, damaged or of an unsupported kind; the section is the array's name.</exception>
    public static Matrix[] Read(string path, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        using var file = new FileStream(InputFile.Open(path), FileAccess.Read);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            return [.. names.Select(name => ReadArray(path, archive, name))];
        }
        catch (InvalidDataException damage)
        {
            throw new TesseraFormatException(path, "archive", 0, $"this is not a sound .npz file: {damage.Message}");
        }
    }

    /// <summary>Writes arrays in one file, beside its target, flushed and renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">Names, without <c>.npy</c>, and matrices.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Matrix>> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using AtomicFile file = AtomicFile.Create(path);
        using (var archive = new ZipArchive(file.Stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, Matrix matrix) in arrays)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.Optimal);
                entry.LastWriteTime = Epoch;
                using Stream stream = entry.Open();
                stream.Write(NpyHeader.Write(matrix.Rows, matrix.Dimension));
                stream.Write(MemoryMarshal.AsBytes(matrix.Span));
            }
        }

        file.Commit();
    }

    private static Matrix ReadArray(string path, ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name + ".npy")
            ?? throw new TesseraFormatException(path, name, 0, "the archive has no such array.");
        byte[] bytes = Contents(path, entry, name);
        using var stream = new MemoryStream(bytes);
        RecordLayout layout = NpyHeader.Read(new FileHeader($"{path}, {name}", stream, bytes.Length, compressed: false));
        var values = new float[layout.Rows * layout.Dimension];
        for (int i = 0; i < layout.Rows; i++)
        {
            int start = (int)(layout.DataOffset + i * layout.RecordBytes);
            Elements.ToFloat(layout.Element, bytes.AsSpan(start, (int)layout.RecordBytes), values.AsSpan(i * layout.Dimension, layout.Dimension));
        }

        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new TesseraFormatException(path, name, layout.DataOffset + bad / layout.Dimension * layout.RecordBytes, $"number {bad} is {values[bad]}; every number must be finite.");
        return new Matrix(values, layout.Dimension);
    }

    private static byte[] Contents(string path, ZipArchiveEntry entry, string name)
    {
        // The archive's own word for the length is not trusted with memory: deflate cannot make more of its input than this.
        if (entry.Length > entry.CompressedLength * RecordLayout.LargestCompression + 64 || entry.Length > Array.MaxLength)
            throw new TesseraFormatException(path, name, 0, $"{entry.CompressedLength} compressed bytes cannot hold {entry.Length}, or these are more than one array holds.");
        byte[] bytes = new byte[entry.Length];
        using (Stream stream = entry.Open())
            InputFile.ReadExactly(stream, bytes, path, name, 0);
        // The runtime's archive does not hold what it reads against the checksum.
        uint checksum = Crc32.Of(bytes);
        return checksum == entry.Crc32 ? bytes
            : throw new TesseraFormatException(path, name, 0, $"the checksum is {checksum:x8} where the archive says {entry.Crc32:x8}; the file is damaged.");
    }
}
