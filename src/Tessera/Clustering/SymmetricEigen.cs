using System.Numerics;

namespace Tessera.Clustering;

/// <summary>
/// All eigenvalues and eigenvectors of a symmetric matrix in double precision: Householder's reduction to three diagonals,
/// then QL with implicit shifts (Bowdler, Martin, Reinsch and Wilkinson, 1968). Time O(n^3).
/// Not where a few leading directions of many are wanted: <see cref="PrincipalDirections"/> finds those far faster.
/// </summary>
internal sealed class SymmetricEigen
{
    private readonly int _n;

    /// <summary>The matrix, then the transformations, column after column of the literature's, so that inner loops run along memory.</summary>
    private readonly double[] _columns;
    private readonly double[] _d;
    private readonly double[] _e;

    private SymmetricEigen(ReadOnlySpan<double> matrix, int n) =>
        (_n, _columns, _d, _e) = (n, matrix.ToArray(), new double[n], new double[n]);

    /// <param name="matrix">n rows of n numbers, symmetric.</param>
    /// <param name="n">Rows.</param>
    /// <returns>The eigenvalues, the largest first, and the eigenvectors in their order, as orthonormal rows.</returns>
    public static (double[] Values, double[] Vectors) Solve(ReadOnlySpan<double> matrix, int n)
    {
        var solver = new SymmetricEigen(matrix, n);
        solver.Reduce();
        solver.MultiplyOut();
        solver.Diagonalise();
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => solver._d[i])];
        var vectors = new double[n * n];
        for (int i = 0; i < n; i++)
            solver.Column(order[i]).CopyTo(vectors.AsSpan(i * n));
        return (Array.ConvertAll(order, i => solver._d[i]), vectors);
    }

    private Span<double> Column(int j) => _columns.AsSpan(j * _n, _n);

    /// <summary>Reflects the last columns one by one until three diagonals remain: d the middle one, e the one beside it.</summary>
    private void Reduce()
    {
        double[] d = _d, e = _e;
        for (int j = 0; j < _n; j++)
            d[j] = Column(j)[_n - 1];
        for (int i = _n - 1; i > 0; i--)
        {
            Span<double> reflector = d.AsSpan(0, i), product = e.AsSpan(0, i);
            double scale = 0, h = 0;
            foreach (double value in reflector)
                scale += Math.Abs(value);
            if (scale == 0)
            {
                e[i] = d[i - 1];
                for (int j = 0; j < i; j++)
                {
                    d[j] = Column(j)[i - 1];
                    Column(j)[i] = 0;
                    Column(i)[j] = 0;
                }
            }
            else
            {
                foreach (ref double value in reflector)
                    value /= scale;
                h = Dot(reflector, reflector);
                double f = d[i - 1], g = f > 0 ? -Math.Sqrt(h) : Math.Sqrt(h);
                e[i] = scale * g;
                h -= f * g;
                d[i - 1] = f - g;
                Multiply(i, reflector, product);
                double half = Dot(product, reflector) / h / (2 * h);
                for (int j = 0; j < i; j++)
                    product[j] = product[j] / h - half * reflector[j];
                for (int j = 0; j < i; j++)
                {
                    Span<double> column = Column(j);
                    AddScaled(column[j..i], -reflector[j], product[j..], -product[j], reflector[j..]);
                    d[j] = column[i - 1];
                    column[i] = 0;
                }
            }

            d[i] = h;
        }
    }

    /// <summary>The product of the first i rows and columns, of which the lower half is there, with the reflector, which is also kept in column i.</summary>
    private void Multiply(int i, ReadOnlySpan<double> reflector, Span<double> product)
    {
        product.Clear();
        for (int j = 0; j < i; j++)
        {
            ReadOnlySpan<double> column = Column(j);
            Column(i)[j] = reflector[j];
            product[j] += column[j] * reflector[j] + Dot(column[(j + 1)..i], reflector[(j + 1)..]);
            AddScaled(product[(j + 1)..], reflector[j], column[(j + 1)..i], 0, column[(j + 1)..i]);
        }
    }

    /// <summary>Multiplies the reflections out.</summary>
    private void MultiplyOut()
    {
        double[] d = _d;
        for (int i = 0; i < _n - 1; i++)
        {
            Column(i)[_n - 1] = Column(i)[i];
            Column(i)[i] = 1;
            Span<double> reflector = Column(i + 1)[..(i + 1)];
            double h = d[i + 1];
            if (h != 0)
            {
                for (int k = 0; k <= i; k++)
                    d[k] = reflector[k] / h;
                for (int j = 0; j <= i; j++)
                {
                    Span<double> column = Column(j)[..(i + 1)];
                    AddScaled(column, -Dot(reflector, column), d.AsSpan(0, i + 1), 0, reflector);
                }
            }

            reflector.Clear();
        }

        for (int j = 0; j < _n; j++)
        {
            d[j] = Column(j)[_n - 1];
            Column(j)[_n - 1] = 0;
        }

        Column(_n - 1)[_n - 1] = 1;
    }

    /// <summary>Drives the diagonal beside the middle one to zero, an eigenvalue after the other.</summary>
    private void Diagonalise()
    {
        double[] d = _d, e = _e;
        e.AsSpan(1).CopyTo(e);
        e[_n - 1] = 0;
        double shifted = 0, size = 0;
        for (int l = 0; l < _n; l++)
        {
            size = Math.Max(size, Math.Abs(d[l]) + Math.Abs(e[l]));
            double least = Math.BitIncrement(1.0) - 1;
            int m = l;
            while (m < _n - 1 && Math.Abs(e[m]) > least * size)
                m++;
            while (m > l)
            {
                double g = d[l], p = (d[l + 1] - g) / (2 * e[l]), r = double.Hypot(p, 1);
                if (p < 0)
                    r = -r;
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                double second = d[l + 1], shift = g - d[l];
                for (int i = l + 2; i < _n; i++)
                    d[i] -= shift;
                shifted += shift;
                Sweep(l, m, second);
                if (!(Math.Abs(e[l]) > least * size))
                    break;
            }

            d[l] += shifted;
            e[l] = 0;
        }
    }

    /// <summary>One step of QL between two places that hang together, with its rotations.</summary>
    private void Sweep(int l, int m, double second)
    {
        double[] d = _d, e = _e;
        double p = d[m], beside = e[l + 1], c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0;
        for (int i = m - 1; i >= l; i--)
        {
            (c3, c2, s2) = (c2, c, s);
            double g = c * e[i], h = c * p, r = double.Hypot(p, e[i]);
            e[i + 1] = s * r;
            (s, c) = (e[i] / r, p / r);
            p = c * d[i] - s * g;
            d[i + 1] = h + s * (c * g + s * d[i]);
            Rotate(Column(i), Column(i + 1), c, s);
        }

        p = -s * s2 * c3 * beside * e[l] / second;
        e[l] = s * p;
        d[l] = c * p;
    }

    private static void Rotate(Span<double> a, Span<double> b, double cosine, double sine)
    {
        int width = Vector<double>.Count, k = 0;
        for (; k + width <= a.Length; k += width)
        {
            Vector<double> x = new(a[k..]), y = new(b[k..]);
            (x * cosine - y * sine).CopyTo(a[k..]);
            (x * sine + y * cosine).CopyTo(b[k..]);
        }

        for (; k < a.Length; k++)
            (a[k], b[k]) = (a[k] * cosine - b[k] * sine, a[k] * sine + b[k] * cosine);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count, k = 0;
        Vector<double> even = default, odd = default;
        for (; k + 2 * width <= a.Length; k += 2 * width)
        {
            even += new Vector<double>(a[k..]) * new Vector<double>(b[k..]);
            odd += new Vector<double>(a[(k + width)..]) * new Vector<double>(b[(k + width)..]);
        }

        double sum = Vector.Sum(even + odd);
        for (; k < a.Length; k++)
            sum += a[k] * b[k];
        return sum;
    }

    /// <summary>target += factorA * a + factorB * b.</summary>
    private static void AddScaled(Span<double> target, double factorA, ReadOnlySpan<double> a, double factorB, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count, k = 0;
        for (; k + width <= target.Length; k += width)
            (new Vector<double>(target[k..]) + (factorA * new Vector<double>(a[k..]) + factorB * new Vector<double>(b[k..]))).CopyTo(target[k..]);
        for (; k < target.Length; k++)
            target[k] += factorA * a[k] + factorB * b[k];
    }
}
