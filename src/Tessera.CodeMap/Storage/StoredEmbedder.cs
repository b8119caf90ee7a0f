using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Entities;
using Tessera.Vectors;

namespace Tessera.CodeMap.Storage;

/// <summary>Gives entities the vectors that a model gave them when their repositories were mapped: the map over all of them pays for none.</summary>
internal sealed class StoredEmbedder(string model, IReadOnlyList<CodeMapSnapshot> maps) : IEntityEmbedder
{
    public string Model => model;

    public Task<Matrix> EmbedAsync(IReadOnlyList<CodeEntity> entities, bool readDocumentation = true, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        int dimension = maps[0].Vectors.Dimension;
        var rows = new Dictionary<string, (CodeMapSnapshot Map, int Row)>(StringComparer.Ordinal);
        foreach (CodeMapSnapshot map in maps)
        {
            for (int row = 0; row < map.Entities.Count; row++)
                rows[map.Entities[row].Id] = (map, row);
        }

        var values = new float[checked(entities.Count * dimension)];
        for (int i = 0; i < entities.Count; i++)
        {
            (CodeMapSnapshot map, int row) = rows[entities[i].Id];
            map.Vectors[row].CopyTo(values.AsSpan(i * dimension));
        }

        return Task.FromResult(new Matrix(values, dimension));
    }

    public Task<float[]> EmbedAsync(string text, CancellationToken cancellationToken = default) => new MissingEmbedder(model).EmbedAsync(text, cancellationToken);
}
