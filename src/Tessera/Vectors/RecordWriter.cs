using System.Buffers.Binary;
using System.IO.Compression;
using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>Writes a file of fixed records, plain or compressed.</summary>
internal sealed class RecordWriter : VectorWriter
{
    private const int BufferBytes = 1 << 20;

    private readonly Stream _stream;
    private readonly int _prefixBytes;
    private readonly ElementKind _element;
    private readonly byte[] _buffer;

    public RecordWriter(AtomicFile file, byte[] header, int prefixBytes, ElementKind element, long rows, int dimension, bool compressed = false)
        : base(file, rows, dimension)
    {
        _prefixBytes = prefixBytes;
        _element = element;
        _buffer = new byte[checked(RecordBytes * (int)Math.Clamp(BufferBytes / RecordBytes, 1, Math.Max(rows, 1)))];
        _stream = compressed ? new GZipStream(Stream, CompressionLevel.Optimal, leaveOpen: true) : Stream;
        _stream.Write(header);
    }

    private int RecordBytes => checked(_prefixBytes + Dimension * Elements.Size(_element));

    private protected override void WriteRows(ReadOnlySpan<float> rows)
    {
        int recordBytes = RecordBytes;
        int used = 0;
        for (long row = Position; rows.Length > 0; row++, rows = rows[Dimension..])
        {
            Span<byte> record = _buffer.AsSpan(used, recordBytes);
            if (_prefixBytes > 0)
                BinaryPrimitives.WriteInt32LittleEndian(record, Dimension);
            int column = Elements.FromFloat(_element, rows[..Dimension], record[_prefixBytes..]);
            if (column >= 0)
                throw new ArgumentException(
                    $"Row {row}, column {column} is {rows[column]}, and this kind of file holds whole numbers of "
                    + $"{(_element == ElementKind.U8 ? "0 to 255" : "32 bits")}; write .npy or .fvecs.", nameof(rows));
            used += recordBytes;
            if (used == _buffer.Length)
            {
                _stream.Write(_buffer);
                used = 0;
            }
        }
        _stream.Write(_buffer, 0, used);
    }

    private protected override void Finish()
    {
        if (_stream != Stream)
            _stream.Dispose();
    }
}
