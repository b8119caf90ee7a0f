using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Entities;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Storage;

/// <summary>A model of eight dimensions that answers as a test wants it.</summary>
internal sealed class FixedEmbedder(FixedEmbedder.Fill fill) : IEntityEmbedder
{
    private const int Dimension = 8;

    public delegate void Fill(int entity, Span<float> row);

    public string Model => "fixed";

    public int Embedded { get; private set; }

    public Task<Matrix> EmbedAsync(IReadOnlyList<CodeEntity> entities, bool readDocumentation = true, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var values = new float[entities.Count * Dimension];
        for (int i = 0; i < entities.Count; i++)
            fill(i, values.AsSpan(i * Dimension, Dimension));
        Embedded += entities.Count;
        return Task.FromResult(new Matrix(values, Dimension));
    }

    public Task<float[]> EmbedAsync(string text, CancellationToken cancellationToken = default) => Task.FromResult(new float[] { 1, 0, 0, 0, 0, 0, 0, 0 });
}
