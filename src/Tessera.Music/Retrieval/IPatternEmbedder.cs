namespace Tessera.Music.Retrieval;

/// <summary>Turns the tokens of a pattern or a query into a vector of length 1, whose inner products say how alike patterns are.</summary>
public interface IPatternEmbedder
{
    /// <summary>What it is called in files: <c>reference</c>, <c>profile</c> or <c>learned</c> for those of this library.</summary>
    string Name { get; }

    /// <summary>Numbers in each vector.</summary>
    int Dimension { get; }

    /// <summary>Writes the vector of some tokens: of length 1, or all 0 where no token counts. The same tokens give the same bits everywhere; nothing is allocated.</summary>
    /// <param name="tokens">The tokens in their order.</param>
    /// <param name="vector">Receives <see cref="Dimension"/> numbers.</param>
    void Embed(ReadOnlySpan<string> tokens, Span<float> vector);
}
