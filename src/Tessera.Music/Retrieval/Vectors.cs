namespace Tessera.Music.Retrieval;

/// <summary>The little arithmetic on vectors that embedders need.</summary>
internal static class Vectors
{
    /// <summary>Scales a vector to a length; one of zeros stays.</summary>
    public static void Normalise(Span<float> vector, float length = 1)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        if (squares == 0)
            return;
        float scale = (float)(length / Math.Sqrt(squares));
        for (int i = 0; i < vector.Length; i++)
            vector[i] *= scale;
    }
}
