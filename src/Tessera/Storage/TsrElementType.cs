namespace Tessera.Storage;

/// <summary>What a section of a <c>.tsr</c> file holds. The numbers are those in the file.</summary>
public enum TsrElementType
{
    /// <summary>No type; never in a file.</summary>
    None = 0,

    /// <summary><see cref="byte"/>.</summary>
    U8 = 1,

    /// <summary><see cref="sbyte"/>.</summary>
    I8 = 2,

    /// <summary><see cref="ushort"/>.</summary>
    U16 = 3,

    /// <summary><see cref="short"/>.</summary>
    I16 = 4,

    /// <summary><see cref="uint"/>.</summary>
    U32 = 5,

    /// <summary><see cref="int"/>.</summary>
    I32 = 6,

    /// <summary><see cref="ulong"/>.</summary>
    U64 = 7,

    /// <summary><see cref="long"/>.</summary>
    I64 = 8,

    /// <summary><see cref="float"/>.</summary>
    F32 = 9,

    /// <summary><see cref="double"/>.</summary>
    F64 = 10,

    /// <summary>UTF-8 text; its count is in bytes.</summary>
    Text = 11,
}
