namespace Tessera.Attention.Llama;

/// <summary>The sizes of a model.</summary>
/// <param name="Dimension">Numbers of a token's state.</param>
/// <param name="HiddenDimension">Numbers between the two halves of a feed-forward layer.</param>
/// <param name="Layers">Layers.</param>
/// <param name="QueryHeads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads, each shared by as many neighbouring query heads.</param>
/// <param name="Vocabulary">Tokens of the vocabulary.</param>
/// <param name="Context">Most tokens of a text.</param>
public sealed record LlamaShape(int Dimension, int HiddenDimension, int Layers, int QueryHeads, int KeyHeads, int Vocabulary, int Context)
{
    /// <summary>Numbers of a head.</summary>
    public int HeadDimension => Dimension / QueryHeads;

    /// <summary>Numbers of all keys of a token.</summary>
    public int KeyDimension => HeadDimension * KeyHeads;
}
