using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tessera.Kernels;

/// <summary>
/// Vectors packed for the matrix product: groups of <see cref="Width"/> vectors, transposed, so that number j of all the
/// vectors of one group lies together. A group ("panel") is <c>Depth * Width</c> numbers; missing vectors are zeros.
/// The left operand is packed 12 wide (each number is broadcast), the right one 32 wide (two 512-bit vectors).
/// </summary>
internal sealed unsafe class Panels : IDisposable
{
    public const int LeftWidth = 12;
    public const int RightWidth = 32;

    private AlignedBuffer<float> _buffer = new(0);

    private Panels(int width) => Width = width;

    public int Width { get; }

    /// <summary>Numbers in each vector.</summary>
    public int Depth { get; private set; }

    /// <summary>Vectors.</summary>
    public int Count { get; private set; }

    public int PanelCount => (Count + Width - 1) / Width;

    public long Bytes => _buffer.Length * sizeof(float);

    public static Panels Left() => new(LeftWidth);

    public static Panels Right() => new(RightWidth);

    public static Panels Left(ReadOnlySpan<float> rows, int count, int depth) => Left().Pack(rows, count, depth, depth);

    public static Panels Right(ReadOnlySpan<float> rows, int count, int depth) => Right().Pack(rows, count, depth, depth);

    public float* Panel(int panel) => _buffer.Pointer + (long)panel * Depth * Width;

    /// <summary>One panel: number j of vector v at <c>j * Width + v</c>.</summary>
    public Span<float> PanelSpan(int panel) => new(Panel(panel), Depth * Width);

    /// <summary>Makes room for vectors that something else writes, clearing it; grows, never shrinks.</summary>
    public Panels Reset(int count, int depth)
    {
        Reserve(count, depth);
        long length = (long)PanelCount * Width * Depth;
        for (long at = 0; at < length; at += int.MaxValue)
            new Span<float>(_buffer.Pointer + at, (int)Math.Min(int.MaxValue, length - at)).Clear();
        return this;
    }

    /// <summary>Packs <paramref name="count"/> vectors of <paramref name="depth"/> numbers that start every <paramref name="stride"/> numbers.</summary>
    public Panels Pack(ReadOnlySpan<float> rows, int count, int depth, int stride)
    {
        if (count > 0 && rows.Length < (long)(count - 1) * stride + depth)
            throw new ArgumentException("Too few numbers for the rows to pack.", nameof(rows));
        Reserve(count, depth);
        fixed (float* source = rows)
        {
            for (int panel = 0; panel < PanelCount; panel++)
            {
                int first = panel * Width;
                PackPanel(source + (long)first * stride, Math.Min(Width, count - first), stride, Panel(panel));
            }
        }

        return this;
    }

    /// <summary>Copies whole panels of equal width and depth to those from <paramref name="firstPanel"/> on.</summary>
    public void CopyFrom(Panels other, int firstPanel)
    {
        if (other.Width != Width || other.Depth != Depth || firstPanel + other.PanelCount > PanelCount)
            throw new ArgumentException("Panels of another shape.", nameof(other));
        for (int panel = 0; panel < other.PanelCount; panel++)
            other.PanelSpan(panel).CopyTo(PanelSpan(firstPanel + panel));
    }

    /// <summary>Packs the columns of a row-major matrix as vectors: as many as a row has numbers, as deep as there are rows.</summary>
    public Panels PackColumns(ReadOnlySpan<float> rows, int rowCount, int columns)
    {
        Reset(columns, rowCount);
        for (int panel = 0; panel < PanelCount; panel++)
        {
            int first = panel * Width;
            int valid = Math.Min(Width, columns - first);
            Span<float> target = PanelSpan(panel);
            for (int row = 0; row < rowCount; row++)
                rows.Slice(row * columns + first, valid).CopyTo(target[(row * Width)..]);
        }

        return this;
    }

    /// <summary>Packs the vectors named by <paramref name="indices"/>.</summary>
    public Panels Gather(ReadOnlySpan<float> rows, ReadOnlySpan<int> indices, int depth, int stride)
    {
        Reserve(indices.Length, depth);
        fixed (float* source = rows)
        {
            float** pointers = stackalloc float*[RightWidth];
            for (int panel = 0; panel < PanelCount; panel++)
            {
                int first = panel * Width;
                int valid = Math.Min(Width, indices.Length - first);
                for (int i = 0; i < valid; i++)
                {
                    int row = indices[first + i];
                    if (row < 0 || (long)row * stride + depth > rows.Length)
                        throw new ArgumentOutOfRangeException(nameof(indices), row, "No such row.");
                    pointers[i] = source + (long)row * stride;
                }

                PackPanel(pointers, valid, Panel(panel));
            }
        }

        return this;
    }

    public void Dispose() => _buffer.Dispose();

    private void Reserve(int count, int depth)
    {
        Depth = depth;
        Count = count;
        long length = (long)PanelCount * Width * depth;
        if (_buffer.Length < length)
        {
            _buffer.Dispose();
            _buffer = new AlignedBuffer<float>(length);
        }
    }

    private void PackPanel(float* source, int valid, int stride, float* panel)
    {
        float** pointers = stackalloc float*[RightWidth];
        for (int i = 0; i < valid; i++)
            pointers[i] = source + (long)i * stride;
        PackPanel(pointers, valid, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackPanel(float** rows, int valid, float* panel)
    {
        int width = Width, depth = Depth, row = 0;
        if (Sse.IsSupported)
        {
            // Four rows at a time, four numbers of each: a 4 x 4 transposition in registers.
            for (; row + 4 <= valid; row += 4)
            {
                float* r0 = rows[row], r1 = rows[row + 1], r2 = rows[row + 2], r3 = rows[row + 3];
                float* target = panel + row;
                int j = 0;
                for (; j + 4 <= depth; j += 4, target += 4 * width)
                {
                    Vector128<float> a = Sse.LoadVector128(r0 + j), b = Sse.LoadVector128(r1 + j);
                    Vector128<float> c = Sse.LoadVector128(r2 + j), d = Sse.LoadVector128(r3 + j);
                    Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d);
                    Sse.MoveLowToHigh(ab, cd).Store(target);
                    Sse.MoveHighToLow(cd, ab).Store(target + width);
                    ab = Sse.UnpackHigh(a, b);
                    cd = Sse.UnpackHigh(c, d);
                    Sse.MoveLowToHigh(ab, cd).Store(target + 2 * width);
                    Sse.MoveHighToLow(cd, ab).Store(target + 3 * width);
                }

                for (; j < depth; j++, target += width)
                {
                    target[0] = r0[j];
                    target[1] = r1[j];
                    target[2] = r2[j];
                    target[3] = r3[j];
                }
            }
        }

        for (; row < valid; row++)
        {
            float* source = rows[row];
            for (int j = 0; j < depth; j++)
                panel[(long)j * width + row] = source[j];
        }

        if (valid < width)
        {
            for (int j = 0; j < depth; j++)
                new Span<float>(panel + (long)j * width + valid, width - valid).Clear();
        }
    }
}
