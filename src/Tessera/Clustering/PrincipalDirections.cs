using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>
/// The directions in which vectors are longest, the longest first, by subspace iteration on a sample (Halko, Martinsson
/// and Tropp, 2011): as good as wanted with each pass, and far cheaper than all eigenvectors.
/// </summary>
internal static class PrincipalDirections
{
    /// <summary>Rows that the directions are learned from.</summary>
    public const int SampleRows = 4096;

    /// <returns>Orthonormal rows; a row is zero where the vectors span fewer directions.</returns>
    public static float[] Learn(Matrix vectors, int count, int passes, ulong seed, int threads, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(seed, 0x5EC7);
        Matrix sample = vectors.Rows <= SampleRows ? vectors : vectors.Select(random.Sample(SampleRows, vectors.Rows));
        int dimension = vectors.Dimension;
        var basis = new float[count * dimension];
        for (int i = 0; i < basis.Length; i++)
            basis[i] = (float)random.NextNormal();
        Orthonormalise(basis, dimension);

        // Each pass multiplies the basis by the sample's second-moment matrix: first onto the rows, then back.
        using Panels rows = Panels.Right(sample.Span, sample.Rows, dimension);
        using Panels columns = Panels.Right().PackColumns(sample.Span, sample.Rows, dimension);
        using Panels left = Panels.Left();
        var scores = new float[count * sample.Rows];
        for (int pass = 0; pass < passes; pass++)
        {
            MatrixProduct.Store(left.Pack(basis, count, dimension, dimension), rows, scores, threads, cancellationToken);
            MatrixProduct.Store(left.Pack(scores, count, sample.Rows, sample.Rows), columns, basis, threads, cancellationToken);
            Orthonormalise(basis, dimension);
        }

        return basis;
    }

    /// <summary>Makes the rows orthonormal by Gram-Schmidt, each twice for the digits that the first time loses; a row that depends on the others becomes zero.</summary>
    public static void Orthonormalise(Span<float> rows, int dimension)
    {
        int count = rows.Length / dimension;
        for (int i = 0; i < count; i++)
        {
            Span<float> row = rows.Slice(i * dimension, dimension);
            float before = MathF.Sqrt(Distance.Dot(row, row));
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<float> other = rows.Slice(j * dimension, dimension);
                    float along = Distance.Dot(row, other);
                    Accumulate.AddScaled(row, -along, other);
                }
            }

            float length = MathF.Sqrt(Distance.Dot(row, row));
            float scale = length > 1e-5f * before && length > 0 ? 1 / length : 0;
            for (int d = 0; d < dimension; d++)
                row[d] *= scale;
        }
    }
}
