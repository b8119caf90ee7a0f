using System.Runtime.CompilerServices;

namespace Tessera.Kernels;

/// <summary>
/// All inner products of two sets of packed vectors, tile by tile into a sink (blocking after Goto and van de Geijn, 2008).
/// The panels of the smaller operand, a block that fits the second-level cache, pass each panel of the larger one. The seam where another processor can take the product over.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Numbers of a right block that leave the second-level cache (1 MiB on the machines measured) room for left panels.</summary>
    private const int BlockNumbers = 150_000;

    /// <summary>How many vectors of a depth make a good right block: a multiple of the panel width.</summary>
    public static int BlockSize(int depth) =>
        Math.Clamp(BlockNumbers / depth / Panels.RightWidth, 1, 32) * Panels.RightWidth;

    /// <summary>Multiplies every left vector with every right vector; for streams of many, give the right ones in blocks of <see cref="BlockSize"/>.</summary>
    public static void Run<TSink>(Panels left, Panels right, ref TSink sink)
        where TSink : struct, ITileSink =>
        Run(left, right, 0, right.PanelCount, ref sink);

    /// <summary>Multiplies every left vector with the right vectors of some panels; the sink counts right vectors from the first of them.</summary>
    [SkipLocalsInit]
    public static void Run<TSink>(Panels left, Panels right, int firstPanel, int panelCount, ref TSink sink)
        where TSink : struct, ITileSink
    {
        CheckOperands(left, right);
        if (firstPanel < 0 || panelCount < 0 || firstPanel > right.PanelCount - panelCount)
            throw new ArgumentOutOfRangeException(nameof(firstPanel));
        byte* room = stackalloc byte[MicroKernel.TileSize * sizeof(float) + 64];
        float* tile = (float*)(((nint)room + 63) & ~(nint)63);
        int leftPanels = left.PanelCount;
        if (leftPanels * Panels.LeftWidth >= panelCount * Panels.RightWidth)
        {
            for (int i = 0; i < leftPanels; i++)
                for (int j = 0; j < panelCount; j++)
                    Tile(left, i, right, firstPanel, j, tile, ref sink);
        }
        else
        {
            for (int j = 0; j < panelCount; j++)
                for (int i = 0; i < leftPanels; i++)
                    Tile(left, i, right, firstPanel, j, tile, ref sink);
        }

        // The last pointers into the operands outlive the last use of the operands themselves.
        GC.KeepAlive(left);
        GC.KeepAlive(right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSink>(Panels left, int i, Panels right, int firstPanel, int j, float* tile, ref TSink sink)
        where TSink : struct, ITileSink
    {
        MicroKernel.Run(left.Panel(i), right.Panel(firstPanel + j), left.Depth, tile);
        int row = i * Panels.LeftWidth, column = j * Panels.RightWidth;
        sink.Accept(
            row,
            column,
            Math.Min(Panels.LeftWidth, left.Count - row),
            Math.Min(Panels.RightWidth, right.Count - firstPanel * Panels.RightWidth - column),
            tile);
    }

    /// <summary>Stores all products: left vector i with right vector j at <c>i * right.Count + j</c>.</summary>
    public static void Store(Panels left, Panels right, Span<float> target)
    {
        if (target.Length < (long)left.Count * right.Count)
            throw new ArgumentException("No room for all products.", nameof(target));
        fixed (float* start = target)
            Store(left, right, start, right.Count);
    }

    /// <summary>Stores all products as above, the right panels shared out among threads.</summary>
    public static void Store(Panels left, Panels right, Memory<float> target, int threads, CancellationToken cancellationToken)
    {
        if (target.Length < (long)left.Count * right.Count)
            throw new ArgumentException("No room for all products.", nameof(target));
        const int Each = 4;
        Workers.For((right.PanelCount + Each - 1) / Each, threads, (piece, _) =>
        {
            fixed (float* start = target.Span)
            {
                var sink = new StoreSink(start + piece * Each * Panels.RightWidth, right.Count);
                Run(left, right, piece * Each, Math.Min(Each, right.PanelCount - piece * Each), ref sink);
            }
        }, cancellationToken);
    }

    /// <summary>Stores all products: left vector i with right vector j at <c>start + i * stride + j</c>.</summary>
    public static void Store(Panels left, Panels right, AlignedBuffer<float> target, long start, long stride)
    {
        if (start < 0 || start + (left.Count - 1) * stride + right.Count > target.Length)
            throw new ArgumentException("No room for all products.", nameof(target));
        Store(left, right, target.Pointer + start, stride);
    }

    private static void Store(Panels left, Panels right, float* target, long stride)
    {
        CheckOperands(left, right);
        if (left.Count == 1)
        {
            // A tile would multiply eleven vectors of padding.
            RowKernel.Run(left, right, target);
            return;
        }

        var sink = new StoreSink(target, stride);
        Run(left, right, ref sink);
    }

    private static void CheckOperands(Panels left, Panels right)
    {
        if (left.Depth != right.Depth || left.Width != Panels.LeftWidth || right.Width != Panels.RightWidth)
            throw new ArgumentException("The operands of a matrix product must be packed to the same depth, 12 and 32 wide.");
    }
}
