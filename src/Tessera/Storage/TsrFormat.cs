using System.Text;

namespace Tessera.Storage;

/// <summary>The layout of a <c>.tsr</c> file, as <c>docs/file-format.md</c> describes it; writer and reader share it.</summary>
internal static class TsrFormat
{
    public const uint Version = 1;
    public const int Alignment = 64;
    public const int NameBytes = 64;

    public const int HeaderBytes = 128;
    public const int VersionAt = 8;
    public const int SectionCountAt = 12;
    public const int FileLengthAt = 16;
    public const int TableOffsetAt = 24;
    public const int TableChecksumAt = 32;
    public const int KindAt = 48;
    public const int HeaderChecksumAt = 124;

    public const int EntryBytes = 96;
    public const int EntryOffsetAt = 0;
    public const int EntryCountAt = 8;
    public const int EntryChecksumAt = 16;
    public const int EntryTypeAt = 20;
    public const int EntryNameAt = 32;

    /// <summary>Refuses bytes that are not text, where the shared encoding would replace them.</summary>
    public static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The first byte is no text, and line ends that are translated in transfer break the rest: the trick of PNG.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'T', (byte)'S', (byte)'R', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public static long Align(long offset) => checked(offset + (Alignment - 1)) & ~(Alignment - 1L);

    /// <summary>Bytes of one element; 0 for what is no element type.</summary>
    public static int SizeOf(TsrElementType type) => type switch
    {
        TsrElementType.U8 or TsrElementType.I8 or TsrElementType.Text => 1,
        TsrElementType.U16 or TsrElementType.I16 => 2,
        TsrElementType.U32 or TsrElementType.I32 or TsrElementType.F32 => 4,
        TsrElementType.U64 or TsrElementType.I64 or TsrElementType.F64 => 8,
        _ => 0,
    };

    public static TsrElementType TypeOf<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return TsrElementType.U8;
        if (typeof(T) == typeof(sbyte)) return TsrElementType.I8;
        if (typeof(T) == typeof(ushort)) return TsrElementType.U16;
        if (typeof(T) == typeof(short)) return TsrElementType.I16;
        if (typeof(T) == typeof(uint)) return TsrElementType.U32;
        if (typeof(T) == typeof(int)) return TsrElementType.I32;
        if (typeof(T) == typeof(ulong)) return TsrElementType.U64;
        if (typeof(T) == typeof(long)) return TsrElementType.I64;
        if (typeof(T) == typeof(float)) return TsrElementType.F32;
        if (typeof(T) == typeof(double)) return TsrElementType.F64;
        throw new NotSupportedException(
            $"A section cannot hold {typeof(T).Name}; use byte, sbyte, short, ushort, int, uint, long, ulong, float or double.");
    }

    public static void WriteName(ReadOnlySpan<char> name, Span<byte> field) => Encoding.ASCII.GetBytes(name, field);

    public static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= NameBytes && !name.ContainsAnyExceptInRange('!', '~');

    public static void CheckName(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (!IsName(name))
            throw new ArgumentException($"'{name}' is no name; use 1 to {NameBytes} printable ASCII characters without spaces.", parameter);
    }

    /// <summary>The name in a zero-padded field, or null where the bytes are none.</summary>
    public static string? ReadName(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> name = field.TrimEnd((byte)0);
        return name.Length > 0 && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? Encoding.ASCII.GetString(name) : null;
    }

    public static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("A .tsr file is little-endian and used in place; this machine is big-endian.");
    }
}
