using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>The start of a vector file, read forward, for the parser of its format.</summary>
internal sealed class FileHeader(string path, Stream stream, long length, bool compressed)
{
    public string Path => path;

    /// <summary>Bytes of the file, compressed where it is.</summary>
    public long Length => length;

    public bool Compressed => compressed;

    /// <summary>Bytes read so far.</summary>
    public long Offset { get; private set; }

    public void Read(Span<byte> bytes)
    {
        InputFile.ReadExactly(stream, bytes, path, "header", Offset);
        Offset += bytes.Length;
    }

    /// <summary>The exception for what is wrong <paramref name="offset"/> bytes into the file.</summary>
    public TesseraFormatException Error(long offset, string problem) => new(path, "header", offset, problem);
}
