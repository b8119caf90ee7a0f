using System.Numerics.Tensors;
using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Neural;

/// <summary>
/// Assignment by entropic transport (Cuturi, 2013): every entry is to take the same share of a batch, softly. The distances are
/// scaled to [-1, 1] first, as the original does.
/// </summary>
internal static class Sinkhorn
{
    public static void Assign(Matrix entries, Matrix vectors, double epsilon, int iterations, int threads, Span<int> taken)
    {
        int rows = vectors.Rows, count = entries.Rows;
        double[] plan = Kernel(Distances(entries, vectors, threads), epsilon);
        double[] columns = new double[count];
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            Array.Clear(columns);
            for (int row = 0; row < rows; row++)
                TensorPrimitives.Add(columns, plan.AsSpan(row * count, count), columns);
            for (int column = 0; column < count; column++)
                columns[column] = columns[column] > 0 ? rows / (count * columns[column]) : 0;
            for (int row = 0; row < rows; row++)
            {
                Span<double> shares = plan.AsSpan(row * count, count);
                TensorPrimitives.Multiply(shares, columns, shares);
                if (TensorPrimitives.Sum<double>(shares) is > 0 and double sum)
                    TensorPrimitives.Divide(shares, sum, shares);
            }
        }

        for (int row = 0; row < rows; row++)
            taken[row] = TensorPrimitives.IndexOfMax<double>(plan.AsSpan(row * count, count));
    }

    private static float[] Distances(Matrix entries, Matrix vectors, int threads)
    {
        var distances = new float[vectors.Rows * entries.Rows];
        MatrixMultiply.Run(vectors.Values, false, entries.Values, true, distances, vectors.Rows, vectors.Dimension, entries.Rows, threads);
        float[] norms = [.. Enumerable.Range(0, entries.Rows).Select(entry => TensorPrimitives.SumOfSquares(entries[entry]))];
        for (int row = 0; row < vectors.Rows; row++)
        {
            Span<float> of = distances.AsSpan(row * entries.Rows, entries.Rows);
            // The vector's own norm stands in all its distances, but scaling below sees those of all vectors.
            TensorPrimitives.Multiply(of, -2, of);
            TensorPrimitives.Add(of, norms, of);
            TensorPrimitives.Add(of, TensorPrimitives.SumOfSquares(vectors[row]), of);
        }

        return distances;
    }

    /// <summary>exp(-d / epsilon) of the distances, scaled to [-1, 1]: in double precision, since epsilon may be a few thousandths.</summary>
    private static double[] Kernel(float[] distances, double epsilon)
    {
        float least = TensorPrimitives.Min<float>(distances), most = TensorPrimitives.Max<float>(distances);
        double middle = ((double)least + most) / 2, half = most - middle + 1e-5;
        return Array.ConvertAll(distances, distance => Math.Exp(-(distance - middle) / half / epsilon));
    }
}
