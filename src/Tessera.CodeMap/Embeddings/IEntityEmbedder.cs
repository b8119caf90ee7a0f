using Tessera.CodeMap.Entities;
using Tessera.Vectors;

namespace Tessera.CodeMap.Embeddings;

/// <summary>Gives entities and questions their vectors, in one space. Any number of threads may use one.</summary>
public interface IEntityEmbedder
{
    /// <summary>Names the space: vectors of different names are not to be compared.</summary>
    string Model { get; }

    /// <summary>Embeds entities.</summary>
    /// <param name="entities">The entities.</param>
    /// <param name="readDocumentation">Whether the comments above them count.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One row of length 1 for each entity; without entities a matrix of one dimension and no rows.</returns>
    Task<Matrix> EmbedAsync(
        IReadOnlyList<CodeEntity> entities, bool readDocumentation = true, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Embeds a question.</summary>
    /// <param name="text">The question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A vector of length 1.</returns>
    Task<float[]> EmbedAsync(string text, CancellationToken cancellationToken = default);
}
