namespace Tessera.Storage;

/// <summary>One entry of a <c>.tsr</c> file's table of contents.</summary>
/// <param name="Name">1 to 64 printable ASCII characters, without spaces.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Count">Elements; bytes for <see cref="TsrElementType.Text"/>.</param>
/// <param name="Offset">Bytes from the start of the file, a multiple of 64.</param>
/// <param name="Checksum">CRC-32C of its bytes.</param>
public readonly record struct TsrSection(string Name, TsrElementType Type, long Count, long Offset, uint Checksum)
{
    /// <summary>Length in bytes, without the padding behind it.</summary>
    public long Bytes => Count * TsrFormat.SizeOf(Type);
}
