using Tessera.Kernels;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Large;

/// <summary>
/// Any number of vectors from a seed, made block by block: around centres in a space of few dimensions, whose spread falls
/// from the first to the last, laid into the whole space by a fixed projection, with a little noise. Rows depend on their
/// numbers alone, not on the blocks that they are asked for in.
/// </summary>
internal sealed class ClusteredStream
{
    private const ulong Seed = 7;
    private const int Centres = 10_000;
    private const int Latent = 32;
    private const double SpreadWithin = 0.6;
    private const double Noise = 0.1;

    /// <summary>Rows that come from one stream of random numbers.</summary>
    private const int Piece = 4096;

    private readonly int _dimension;
    private readonly float[] _centres;
    private readonly float[] _projection;

    public ClusteredStream(int dimension)
    {
        _dimension = dimension;
        var random = new SeededRandom(Seed);
        _centres = Normals(ref random, Centres * Latent);
        _projection = Normals(ref random, dimension * Latent);
    }

    /// <summary>Rows of the stream.</summary>
    /// <param name="first">The number of the first, a multiple of 4096.</param>
    /// <param name="rows">Room for whole rows.</param>
    public void Fill(long first, Memory<float> rows)
    {
        int count = rows.Length / _dimension;
        Workers.For((count + Piece - 1) / Piece, 0, (piece, _) =>
        {
            int start = piece * Piece;
            FillPiece(first + start, rows.Span[(start * _dimension)..(Math.Min(count, start + Piece) * _dimension)]);
        });
    }

    /// <summary>Further vectors of the same kind that are not in the stream.</summary>
    public Matrix Queries(int count)
    {
        var rows = new float[count * _dimension];
        FillPiece(-Piece, rows);
        return new Matrix(rows, _dimension);
    }

    private void FillPiece(long first, Span<float> rows)
    {
        var random = new SeededRandom(Seed, (ulong)(first / Piece + 2));
        Span<float> latent = stackalloc float[Latent];
        for (; !rows.IsEmpty; rows = rows[_dimension..])
        {
            int centre = random.Next(Centres);
            for (int i = 0; i < Latent; i++)
                latent[i] = (float)((_centres[centre * Latent + i] + SpreadWithin * random.NextNormal()) / Math.Sqrt(1 + i / 4.0));
            Distance.Dots(latent, _projection, rows[.._dimension]);
            for (int i = 0; i < _dimension; i++)
                rows[i] += (float)(Noise * (2 * random.NextDouble() - 1));
        }
    }

    private static float[] Normals(ref SeededRandom random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)random.NextNormal();
        return values;
    }
}
