using System.Buffers.Binary;

namespace Tessera.Vectors;

/// <summary>
/// The .fvecs, .bvecs and .ivecs formats of the TEXMEX corpus (Jégou, Douze, Schmid 2011): each row is its dimension as
/// int32, then its numbers as float32, uint8 or int32, little-endian.
/// </summary>
internal static class VecsHeader
{
    public const int PrefixBytes = 4;

    public static RecordLayout Read(FileHeader file, ElementKind element)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        file.Read(prefix);
        int dimension = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (dimension < 1)
            throw file.Error(0, $"the first row has dimension {dimension}; at least 1 is needed.");
        long record = PrefixBytes + (long)dimension * Elements.Size(element);
        if (file.Length % record != 0)
            throw file.Error(
                file.Length - file.Length % record,
                $"rows of dimension {dimension} take {record} bytes each, and the file's {file.Length} are no multiple; it is damaged or cut short.");
        return RecordLayout.Check(file.Path, 0, PrefixBytes, element, (UInt128)(file.Length / record), (UInt128)dimension, file.Length);
    }
}
