namespace Tessera.Kernels;

/// <summary>What becomes of the tiles of a matrix product: the fused epilogue, so that the product itself is never stored.</summary>
internal unsafe interface ITileSink
{
    /// <summary>Takes one tile, which the next call overwrites.</summary>
    /// <param name="row">First left vector of the tile.</param>
    /// <param name="column">First right vector of the tile.</param>
    /// <param name="rows">Left vectors that exist, 1 to 12.</param>
    /// <param name="columns">Right vectors that exist, 1 to 32; the products of the others are 0.</param>
    /// <param name="tile">Products, 12 rows of 32, aligned to 64 bytes.</param>
    void Accept(int row, int column, int rows, int columns, float* tile);
}
