namespace Tessera.Indexes;

/// <summary>What an index keeps of each vector.</summary>
internal enum IndexContent
{
    /// <summary>The vector.</summary>
    Vectors,

    /// <summary>A code of parts.</summary>
    ProductCodes,

    /// <summary>A code of levels.</summary>
    ResidualCodes,

    /// <summary>A byte for each number.</summary>
    Bytes,

    /// <summary>A float of 16 bits (fp16) for each number.</summary>
    Halves,

    /// <summary>A bfloat16 for each number.</summary>
    BFloats,

    /// <summary>The vector and its neighbours.</summary>
    Graph,

    /// <summary>The vector, in a leaf of a tree of clusters.</summary>
    Tree,
}
