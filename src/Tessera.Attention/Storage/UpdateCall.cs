namespace Tessera.Attention.Storage;

/// <summary>The arguments of an update, pinned, so that threads may share them.</summary>
/// <param name="keys">[batch, heads, sequence, dimension].</param>
/// <param name="values">Of the same shape.</param>
/// <param name="lengths">How many of the tokens count for each text, or null when all do.</param>
internal readonly unsafe struct UpdateCall(PinnedTensor keys, PinnedTensor values, int* lengths)
{
    public PinnedTensor Keys => keys;

    public PinnedTensor Values => values;

    /// <summary>Tokens of a text.</summary>
    public int Count(int batch) => lengths == null ? keys.Sequence : lengths[batch];
}
