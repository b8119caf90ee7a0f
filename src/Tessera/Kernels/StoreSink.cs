namespace Tessera.Kernels;

/// <summary>Stores the products: left vector i and right vector j at <c>i * stride + j</c>.</summary>
internal unsafe readonly struct StoreSink(float* target, long stride) : ITileSink
{
    public void Accept(int row, int column, int rows, int columns, float* tile)
    {
        for (int i = 0; i < rows; i++)
        {
            new ReadOnlySpan<float>(tile + i * Panels.RightWidth, columns)
                .CopyTo(new Span<float>(target + (row + i) * stride + column, columns));
        }
    }
}
