using Tessera.Kernels;

namespace Tessera.Quantization;

/// <summary>
/// The orthonormal matrix nearest to a square one, U V' of its singular value decomposition, by products alone: polynomials
/// that bring all singular values to 1 (Higham, Functions of Matrices, 2008, chapter 8). For matrices whose singular values
/// are not far below the largest.
/// </summary>
internal sealed class PolarFactor(int n, int threads, CancellationToken cancellationToken)
{
    private readonly float[] _gram = new float[n * n];
    private readonly float[] _product = new float[n * n];

    /// <summary>Replaces a matrix of n rows by its orthonormal factor.</summary>
    public void Orthonormalise(float[] matrix)
    {
        // All singular values below 1: the largest is at most the root of the largest sum of a row's products.
        Gram(matrix);
        float largest = 0;
        for (int i = 0; i < n; i++)
        {
            float sum = 0;
            for (int j = 0; j < n; j++)
                sum += Math.Abs(_gram[i * n + j]);
            largest = Math.Max(largest, sum);
        }

        float scale = 1 / MathF.Sqrt(largest);
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] *= scale;

        // First a polynomial that lifts small singular values by 3.4 a step and holds the others about 1, then Newton's, whose error is squared in each step.
        for (int step = 0; step < LiftingSteps; step++)
            Step(matrix, 3.4445f, -4.7750f, 2.0315f);
        for (int step = 0; step < NewtonSteps && Step(matrix, 1.875f, -1.25f, 0.375f) > Converged; step++)
        {
        }
    }

    /// <summary>Lifts what is a millionth of the bound on the largest.</summary>
    private const int LiftingSteps = 12;

    /// <summary>Most steps of Newton's polynomial; three or four are enough where lifting was.</summary>
    private const int NewtonSteps = 12;

    /// <summary>How far the products of rows with each other may be from the unit matrix before the last step, which squares that.</summary>
    private const float Converged = 1e-3f;

    /// <summary>X := a X + b (X X') X + c (X X')^2 X.</summary>
    /// <returns>How far the products of rows with each other were from the unit matrix.</returns>
    private float Step(float[] matrix, float a, float b, float c)
    {
        Gram(matrix);
        float deviation = 0;
        for (int i = 0; i < _gram.Length; i++)
            deviation = Math.Max(deviation, Math.Abs(_gram[i] - (i / n == i % n ? 1 : 0)));
        Multiply(_gram, _gram, _product);
        for (int i = 0; i < _gram.Length; i++)
            _gram[i] = b * _gram[i] + c * _product[i];
        Multiply(_gram, matrix, _product);
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] = a * matrix[i] + _product[i];
        return deviation;
    }

    /// <summary>The products of the rows with each other.</summary>
    private void Gram(float[] matrix)
    {
        using Panels left = Panels.Left(matrix, n, n), right = Panels.Right(matrix, n, n);
        MatrixProduct.Store(left, right, _gram, threads, cancellationToken);
    }

    private void Multiply(float[] a, float[] b, float[] product)
    {
        using Panels left = Panels.Left(a, n, n), right = Panels.Right().PackColumns(b, n, n);
        MatrixProduct.Store(left, right, product, threads, cancellationToken);
    }
}
