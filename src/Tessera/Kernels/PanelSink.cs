namespace Tessera.Kernels;

/// <summary>Stores products packed again: left vector i becomes number i of the right vectors, in the panels of a right operand.</summary>
internal readonly unsafe struct PanelSink(Panels target, int firstPanel) : ITileSink
{
    /// <summary>Projects right vectors onto the left ones, from right panels into right panels that may be deeper than there are left vectors.</summary>
    public static void Project(Panels left, Panels right, Panels target, int firstPanel)
    {
        if (target.Depth < left.Count || firstPanel + right.PanelCount > target.PanelCount)
            throw new ArgumentException("The target is too shallow or has too few panels.", nameof(target));
        var sink = new PanelSink(target, firstPanel);
        MatrixProduct.Run(left, right, ref sink);
    }

    public void Accept(int row, int column, int rows, int columns, float* tile)
    {
        float* to = target.Panel(firstPanel + column / Panels.RightWidth) + (long)row * Panels.RightWidth;
        new ReadOnlySpan<float>(tile, rows * Panels.RightWidth).CopyTo(new Span<float>(to, rows * Panels.RightWidth));
    }
}
