using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

/// <summary>Writes down where each tile lay, how much of it exists, and whether the rest is zeros.</summary>
internal readonly unsafe struct TileLog(List<(int Row, int Column, int Rows, int Columns)> places, List<bool> cleanRests) : ITileSink
{
    public void Accept(int row, int column, int rows, int columns, float* tile)
    {
        places.Add((row, column, rows, columns));
        bool clean = true;
        for (int i = 0; i < Panels.LeftWidth; i++)
            for (int j = 0; j < Panels.RightWidth; j++)
                clean &= (i < rows && j < columns) || tile[i * Panels.RightWidth + j] == 0;
        cleanRests.Add(clean);
    }
}
