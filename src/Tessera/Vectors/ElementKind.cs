namespace Tessera.Vectors;

/// <summary>How one number lies in a file of fixed records, little-endian where it has several bytes.</summary>
internal enum ElementKind
{
    U8,
    I8,
    I32,
    F16,
    F32,
    F64,
}
