namespace Tessera.Indexes;

/// <summary>The working memory of one search in a tree; grows to what its searches need.</summary>
internal sealed class TreeScratch : IDisposable
{
    private float[] _scores = [];

    /// <summary>What a search through lists of vectors needs.</summary>
    public IvfFlatScratch Lists { get; } = new();

    public NodeQueue Queue { get; } = new();

    public Span<float> ScoreRoom(int length)
    {
        if (_scores.Length < length)
            _scores = new float[length];
        return _scores.AsSpan(0, length);
    }

    public void Dispose() => Lists.Dispose();
}
