using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>Where the rows lie in a file of fixed records: behind a header, each behind a prefix, numbers of one kind.</summary>
/// <param name="DataOffset">Bytes before the first record.</param>
/// <param name="PrefixBytes">Bytes before the numbers of each record: 4 where each row repeats the dimension, else 0.</param>
/// <param name="Element">Kind of the numbers.</param>
/// <param name="Rows">Records.</param>
/// <param name="Dimension">Numbers in a record.</param>
internal readonly record struct RecordLayout(long DataOffset, int PrefixBytes, ElementKind Element, long Rows, int Dimension)
{
    /// <summary>Deflate makes its input at most this many times smaller, which bounds what a compressed file can hold.</summary>
    public const int LargestCompression = 1032;

    public long RecordBytes => PrefixBytes + (long)Dimension * Elements.Size(Element);

    /// <summary>
    /// Makes the layout from what a header claims, once that has been held against the file's length; so nothing is ever
    /// allocated for a claim alone.
    /// </summary>
    public static RecordLayout Check(
        string path, long dataOffset, int prefixBytes, ElementKind element, UInt128 rows, UInt128 dimension, long fileLength, bool compressed = false)
    {
        if (dimension == 0)
            throw new TesseraFormatException(path, "header", 0, "the vectors have dimension 0; at least one number each is needed.");
        if (rows == 0)
            throw new TesseraFormatException(path, "header", 0, "the file has no rows; at least one vector is needed.");
        long most = compressed ? checked(fileLength * LargestCompression) : fileLength;
        bool possible = rows <= (UInt128)most && dimension <= (UInt128)most;
        UInt128 bytes = possible ? (UInt128)dataOffset + rows * ((UInt128)prefixBytes + dimension * (UInt128)Elements.Size(element)) : 0;
        if (!possible || bytes > (UInt128)most || (!compressed && bytes != (UInt128)most))
            throw new TesseraFormatException(
                path, "header", 0, $"{rows} rows of {dimension} numbers do not make a file of {fileLength} bytes; it is damaged, cut short or added to.");
        if (dimension > (UInt128)(Array.MaxLength / 8))
            throw new TesseraFormatException(path, "header", 0, $"a dimension of {dimension} is more than the {Array.MaxLength / 8} that is supported.");
        return new RecordLayout(dataOffset, prefixBytes, element, (long)rows, (int)dimension);
    }
}
