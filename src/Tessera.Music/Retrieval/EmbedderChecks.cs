namespace Tessera.Music.Retrieval;

/// <summary>What all embedders ask of their callers.</summary>
internal static class EmbedderChecks
{
    public static void RequireRoom(Span<float> vector, int dimension)
    {
        if (vector.Length != dimension)
            throw new ArgumentException($"The vector has {vector.Length} numbers; this embedder writes {dimension}.", nameof(vector));
    }
}
