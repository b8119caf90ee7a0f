using System.Numerics.Tensors;
using Tessera.SemanticIds.Codes;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Neural;

/// <summary>
/// Encoder, codebooks and decoder of an RQ-VAE as they are used. Vectors are moved to mean 0 and scaled by one number to a mean
/// square of 1 first, which no distance feels but for that number.
/// </summary>
internal sealed class Autoencoder(Mlp encoder, Mlp decoder, ResidualLevels levels, float[] mean, float scale)
{
    private const int RowsPerPiece = 64;

    public Mlp Encoder => encoder;

    public Mlp Decoder => decoder;

    public ResidualLevels Levels => levels;

    public IReadOnlyList<float> Mean => mean;

    public float Scale => scale;

    public int Dimension => mean.Length;

    /// <summary>The latents of vectors, the same bits on every machine.</summary>
    public Matrix Latents(Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        int size = encoder.Outputs;
        var latents = new float[checked(vectors.Rows * size)];
        Parallel.For(0, (vectors.Rows + RowsPerPiece - 1) / RowsPerPiece, ResidualLevels.Threads(threads, cancellationToken), piece =>
        {
            int start = piece * RowsPerPiece, count = Math.Min(RowsPerPiece, vectors.Rows - start);
            encoder.ForwardRepeatably(Standardised(vectors.Slice(start, count), mean, scale), count).CopyTo(latents, start * size);
        });
        return new Matrix(latents, size);
    }

    /// <summary>The vectors that sums of entries stand for.</summary>
    public Matrix Reconstruct(Matrix quantized)
    {
        float[] values = decoder.ForwardRepeatably(quantized.Span, quantized.Rows);
        for (int row = 0; row < quantized.Rows; row++)
        {
            Span<float> vector = values.AsSpan(row * Dimension, Dimension);
            TensorPrimitives.Multiply(vector, scale, vector);
            TensorPrimitives.Add(vector, mean, vector);
        }

        return new Matrix(values, Dimension);
    }

    public static float[] Standardised(Matrix vectors, float[] mean, float scale)
    {
        var values = new float[vectors.Span.Length];
        for (int row = 0; row < vectors.Rows; row++)
        {
            Span<float> target = values.AsSpan(row * mean.Length, mean.Length);
            TensorPrimitives.Subtract(vectors[row], mean, target);
            TensorPrimitives.Divide(target, scale, target);
        }

        return values;
    }
}
