using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>Reads a file of fixed records, plain or compressed.</summary>
internal sealed class RecordReader : VectorReader
{
    private const int BufferBytes = 1 << 20;

    private readonly RecordLayout _layout;
    private readonly bool _compressed;
    private readonly byte[] _buffer;
    private Stream _stream;
    private long _offset;

    private RecordReader(string path, Stream stream, bool compressed, RecordLayout layout)
        : base(path, layout.Rows, layout.Dimension)
    {
        _stream = stream;
        _compressed = compressed;
        _layout = layout;
        _offset = layout.DataOffset;
        long records = Math.Clamp(BufferBytes / layout.RecordBytes, 1, layout.Rows);
        _buffer = IsCopy ? [] : GC.AllocateUninitializedArray<byte>((int)(records * layout.RecordBytes));
    }

    /// <summary>Whether the file's bytes are the numbers wanted, so that they go straight to where they are wanted.</summary>
    private bool IsCopy => _layout is { Element: ElementKind.F32, PrefixBytes: 0 };

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layoutOf">Reads the header. Of a compressed file it reads all that lies before the first record, and no more.</param>
    /// <param name="compressed">Whether the file is a gzip file.</param>
    public static RecordReader Open(string path, Func<FileHeader, RecordLayout> layoutOf, bool compressed = false)
    {
        Stream stream = OpenStream(path, compressed, out long length);
        try
        {
            return new RecordReader(path, stream, compressed, layoutOf(new FileHeader(path, stream, length, compressed)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private protected override void ReadRows(long first, Span<float> rows)
    {
        GoTo(_layout.DataOffset + first * _layout.RecordBytes);
        bool toTheEnd = first + rows.Length / Dimension == Rows;
        int blockRows = Math.Max(1, IsCopy ? (1 << 28) / Dimension : (int)(_buffer.Length / _layout.RecordBytes));
        for (long row = first; rows.Length > 0; row += blockRows)
        {
            Span<float> block = rows[..Math.Min(rows.Length, blockRows * Dimension)];
            if (IsCopy)
                ReadBytes(MemoryMarshal.AsBytes(block));
            else
                Convert(row, block);
            if (Elements.MayBeNonFinite(_layout.Element))
                RequireFinite(row, block);
            rows = rows[block.Length..];
        }
        if (_compressed && toTheEnd)
            RequireEnd();
    }

    protected override void Dispose(bool disposing) => _stream.Dispose();

    private void Convert(long first, Span<float> block)
    {
        int rows = block.Length / Dimension;
        int recordBytes = (int)_layout.RecordBytes;
        ReadBytes(_buffer.AsSpan(0, rows * recordBytes));
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<byte> record = _buffer.AsSpan(i * recordBytes, recordBytes);
            if (_layout.PrefixBytes > 0 && BinaryPrimitives.ReadInt32LittleEndian(record) is int dimension && dimension != Dimension)
                throw new TesseraFormatException(
                    Path, $"row {first + i} (from 0)", _layout.DataOffset + (first + i) * recordBytes,
                    $"the row has dimension {dimension} where the first has {Dimension}.");
            Elements.ToFloat(_layout.Element, record[_layout.PrefixBytes..], block.Slice(i * Dimension, Dimension));
        }
    }

    private void RequireFinite(long first, ReadOnlySpan<float> block)
    {
        int at = Elements.IndexOfNonFinite(block);
        if (at < 0)
            return;
        (int row, int column) = Math.DivRem(at, Dimension);
        long offset = _layout.DataOffset + (first + row) * _layout.RecordBytes + _layout.PrefixBytes + (long)column * Elements.Size(_layout.Element);
        throw new TesseraFormatException(
            Path, $"row {first + row}, column {column} (from 0)", offset, "the number is NaN, infinite or too large for float32.");
    }

    private void ReadBytes(Span<byte> bytes)
    {
        long offset = _offset;
        // Until the read has succeeded nobody knows where a compressed stream stands; then the next read starts it again.
        _offset = long.MaxValue;
        InputFile.ReadExactly(_stream, bytes, Path, "rows", offset);
        _offset = offset + bytes.Length;
    }

    private void GoTo(long offset)
    {
        if (_stream.CanSeek)
        {
            _stream.Position = offset;
            _offset = offset;
            return;
        }
        if (_offset > offset)
        {
            _stream.Dispose();
            _stream = OpenStream(Path, _compressed, out _);
            _offset = 0;
        }
        while (_offset < offset)
            ReadBytes(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, offset - _offset)));
    }

    /// <summary>Reading on to the end of a compressed file makes it check its own checksum too.</summary>
    private void RequireEnd()
    {
        try
        {
            if (_stream.ReadByte() < 0)
                return;
        }
        catch (InvalidDataException damage)
        {
            throw new TesseraFormatException(Path, "rows", _offset, $"the compressed data is damaged: {damage.Message}");
        }
        throw new TesseraFormatException(Path, "rows", _offset, "there is more behind the rows that the header states.");
    }

    private static Stream OpenStream(string path, bool compressed, out long length)
    {
        SafeFileHandle handle = InputFile.Open(path);
        length = RandomAccess.GetLength(handle);
        var file = new FileStream(handle, FileAccess.Read, bufferSize: compressed ? 1 << 14 : 0);
        return compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
