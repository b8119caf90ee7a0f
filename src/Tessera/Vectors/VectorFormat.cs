namespace Tessera.Vectors;

/// <summary>The kinds of vector file, told apart by the ends of their names.</summary>
internal enum VectorFormat
{
    Npy,
    Fvecs,
    Bvecs,
    Ivecs,
    Idx,
    IdxGz,
    Csv,
}
