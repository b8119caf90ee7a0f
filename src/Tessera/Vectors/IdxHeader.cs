using System.Buffers.Binary;

namespace Tessera.Vectors;

/// <summary>
/// The IDX format of the MNIST files (LeCun, Cortes, Burges): two zero bytes, the type, the number of dimensions, each
/// dimension as a big-endian uint32, then the numbers. The dimensions behind the first are taken as one row.
/// </summary>
internal static class IdxHeader
{
    private const byte UnsignedByte = 0x08;
    private const byte SignedByte = 0x09;

    /// <summary>Bytes of the header that <see cref="Write"/> makes.</summary>
    public const int WrittenBytes = 12;

    public static RecordLayout Read(FileHeader file)
    {
        Span<byte> magic = stackalloc byte[4];
        file.Read(magic);
        if (magic[0] != 0 || magic[1] != 0)
            throw file.Error(0, "this is not an IDX file; one begins with two zero bytes.");
        ElementKind element = magic[2] switch
        {
            UnsignedByte => ElementKind.U8,
            SignedByte => ElementKind.I8,
            _ => throw file.Error(2, $"IDX files of type 0x{magic[2]:X2} are not supported; unsigned (0x08) and signed bytes (0x09) are."),
        };
        int dimensions = magic[3];
        if (dimensions < 2)
            throw file.Error(3, $"the file has {dimensions} dimension(s), such as labels have; vectors need at least 2: rows, and numbers in each.");
        Span<byte> size = stackalloc byte[4];
        UInt128 rows = 0;
        UInt128 dimension = 1;
        for (int i = 0; i < dimensions; i++)
        {
            long at = file.Offset;
            file.Read(size);
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(size);
            if (i == 0)
                rows = extent;
            else
                dimension *= extent;
            // Stopping here keeps the next product, below 2^72, within its 128 bits.
            if (dimension > 1UL << 40)
                throw file.Error(at, "the numbers in a row are more than any file can hold.");
        }
        return RecordLayout.Check(file.Path, file.Offset, 0, element, rows, dimension, file.Length, file.Compressed);
    }

    public static byte[] Write(long rows, int dimension)
    {
        if (rows > uint.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(rows), rows, $"An IDX file holds at most {uint.MaxValue} rows.");
        byte[] header = new byte[WrittenBytes];
        header[2] = UnsignedByte;
        header[3] = 2;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)rows);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), (uint)dimension);
        return header;
    }
}
