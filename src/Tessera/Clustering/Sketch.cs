using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// A short stand-in for a vector from which a lower bound of distances follows: its coordinates along the few directions
/// in which the data vary most, and the length of all that is left. For orthonormal directions,
/// <c>|sketch(x) - sketch(c)|^2 &lt;= |x - c|^2</c>, because the leftovers differ at least by the difference of their lengths.
/// The directions are a sample's <see cref="PrincipalDirections"/>.
/// </summary>
internal sealed class Sketch : IDisposable
{
    /// <summary>With the leftover's length, a depth of 64.</summary>
    private const int Directions = 63;

    private const int PowerIterations = 2;

    private readonly Panels _packed;

    private Sketch(Panels packed) => _packed = packed;

    /// <summary>Numbers in a sketch.</summary>
    public int Length => _packed.Count + 1;

    /// <summary>Whether sketches of these vectors are so much shorter that bounds pay.</summary>
    public static bool Worthwhile(Matrix vectors) => vectors.Dimension >= 2 * Directions;

    /// <summary>Learns the directions from a sample of the data.</summary>
    public static Sketch Learn(Matrix vectors, ulong seed, int threads, CancellationToken cancellationToken)
    {
        float[] basis = PrincipalDirections.Learn(vectors, Directions, PowerIterations, seed, threads, cancellationToken);
        return new Sketch(Panels.Left(basis, Directions, vectors.Dimension));
    }

    /// <summary>Sketches rows into part of a packed right operand of depth <see cref="Length"/>.</summary>
    /// <param name="rows">The rows, packed whole.</param>
    /// <param name="norms">Their squared norms, whole panels.</param>
    /// <param name="target">Receives the sketches.</param>
    /// <param name="firstPanel">The panel of <paramref name="target"/> where they begin.</param>
    public void Pack(Panels rows, ReadOnlySpan<float> norms, Panels target, int firstPanel)
    {
        PanelSink.Project(_packed, rows, target, firstPanel);
        for (int panel = 0; panel < rows.PanelCount; panel++)
            AppendRest(target.PanelSpan(firstPanel + panel), norms.Slice(panel * Panels.RightWidth, Panels.RightWidth));
    }

    /// <summary>Sketches rows into a packed left operand.</summary>
    public void PackLeft(Matrix rows, ReadOnlySpan<float> norms, Panels target)
    {
        int length = Length, width = Panels.RightWidth;
        using Panels whole = Panels.Right(rows.Span, rows.Rows, rows.Dimension);
        using Panels sketched = Panels.Right().Reset(rows.Rows, length);
        var padded = new float[whole.PanelCount * width];
        norms.CopyTo(padded);
        Pack(whole, padded, sketched, 0);
        var rowMajor = new float[rows.Rows * length];
        for (int row = 0; row < rows.Rows; row++)
        {
            ReadOnlySpan<float> panel = sketched.PanelSpan(row / width);
            for (int j = 0; j < length; j++)
                rowMajor[row * length + j] = panel[j * width + row % width];
        }

        target.Pack(rowMajor, rows.Rows, length, length);
    }

    public void Dispose() => _packed.Dispose();

    /// <summary>Writes the length of what the directions do not reach behind each sketch of a panel.</summary>
    private static void AppendRest(Span<float> panel, ReadOnlySpan<float> norms)
    {
        Span<float> rest = panel[^Panels.RightWidth..];
        norms.CopyTo(rest);
        for (int at = 0; at < panel.Length - Panels.RightWidth; at += Panels.RightWidth)
            for (int lane = 0; lane < Panels.RightWidth; lane++)
                rest[lane] -= panel[at + lane] * panel[at + lane];
        for (int lane = 0; lane < Panels.RightWidth; lane++)
            rest[lane] = MathF.Sqrt(Math.Max(0, rest[lane]));
    }
}
