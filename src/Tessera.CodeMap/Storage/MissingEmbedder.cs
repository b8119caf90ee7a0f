using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Models;
using Tessera.Vectors;

namespace Tessera.CodeMap.Storage;

/// <summary>Stands for a model that a map needs for questions and that was not named when it was opened.</summary>
internal sealed class MissingEmbedder(string model) : IEntityEmbedder
{
    public string Model => model;

    public Task<Matrix> EmbedAsync(IReadOnlyList<CodeEntity> entities, bool readDocumentation = true, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.FromException<Matrix>(Missing());

    public Task<float[]> EmbedAsync(string text, CancellationToken cancellationToken = default) => Task.FromException<float[]>(Missing());

    private ModelException Missing() => new($"The vectors of this map come from {model}, which was not named: give the model that the map was built with.");
}
