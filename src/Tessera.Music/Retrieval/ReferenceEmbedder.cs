namespace Tessera.Music.Retrieval;

/// <summary>
/// The embedding of the reference document: each of the first 100 tokens adds 1 at its hash and then scales that place by
/// 1 / (1 + 0.1 i); the vector is scaled to length 1. Kept for compatibility, with a hash that is the same in every process;
/// <see cref="ProfileEmbedder"/> finds more alike bars.
/// </summary>
public sealed class ReferenceEmbedder : IPatternEmbedder
{
    private const int Window = 100;

    /// <summary>Makes an embedder.</summary>
    /// <param name="dimension">Numbers in each vector, at least 1 (512 in the reference).</param>
    public ReferenceEmbedder(int dimension = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public string Name => "reference";

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>The place of a token: a stable hash, modulo the dimension.</summary>
    public int PlaceOf(string token) => (int)(StableHash.Of(token) % (ulong)Dimension);

    /// <inheritdoc/>
    public void Embed(ReadOnlySpan<string> tokens, Span<float> vector)
    {
        EmbedderChecks.RequireRoom(vector, Dimension);
        vector.Clear();
        for (int i = 0; i < Math.Min(tokens.Length, Window); i++)
        {
            ref float place = ref vector[PlaceOf(tokens[i])];
            place = (place + 1) * (1 / (1 + i * 0.1f));
        }

        Vectors.Normalise(vector);
    }
}
