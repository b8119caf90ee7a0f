using System.Runtime.InteropServices;
using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Storage;

/// <summary>Opens maps that are kept in a store.</summary>
public static class CodeMapReader
{
    /// <summary>The embedder of maps whose vectors follow from their tokens.</summary>
    internal const string TokenEmbedder = "tokens";

    /// <summary>Opens a map as it is in its last whole generation.</summary>
    /// <param name="store">The store.</param>
    /// <param name="map">The repository's name, or <see cref="MapHead.Global"/> for the map over all of them.</param>
    /// <param name="embedder">The model that the map's vectors came from; null where they are hashed tokens, or no question will be asked.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The map; null where the store has none of that name.</returns>
    /// <exception cref="IOException">The store does not answer.</exception>
    /// <exception cref="InvalidDataException">The records do not belong together, or the vectors are those of another model.</exception>
    public static async Task<CodeMapSnapshot?> OpenAsync(ICodeMapStore store, string map, IEntityEmbedder? embedder = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(map);
        return await store.ReadAsync(map, cancellationToken).ConfigureAwait(false) is { } records ? Open(records, embedder) : null;
    }

    /// <summary>The map that is meant: the one named, or the one over all repositories, or the only one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="repository">The repository's name; null where nobody said.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>A name for <see cref="OpenAsync"/>.</returns>
    /// <exception cref="InvalidOperationException">There is none, or one of several has to be named; the message says which there are.</exception>
    /// <exception cref="IOException">The store does not answer.</exception>
    public static async Task<string> ChooseAsync(ICodeMapStore store, string? repository, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        string[] names = [.. (await store.MapsAsync(cancellationToken).ConfigureAwait(false)).Select(head => head.Map)];
        string listed = string.Join(", ", names.Where(name => name.Length > 0));
        if (repository is not null)
            return names.Contains(repository) ? repository : throw new InvalidOperationException($"{store.Name} has no repository '{repository}'; it has {(listed.Length == 0 ? "none" : listed)}.");
        if (names.Contains(MapHead.Global))
            return MapHead.Global;
        return names.Length switch
        {
            0 => throw new InvalidOperationException($"{store.Name} has no map; make one by 'tessera code build PATH'."),
            1 => names[0],
            _ => throw new InvalidOperationException($"{store.Name} has several repositories: name one of {listed}, or map all of them by 'tessera code build PATH --global'."),
        };
    }

    internal static CodeMapSnapshot Open(MapRecords records, IEntityEmbedder? embedder)
    {
        MapHead head = records.Head;
        bool isModel = head.Embedder != TokenEmbedder;
        if (isModel && embedder is not null && embedder.Model != head.Embedder)
            throw new InvalidDataException($"The vectors of this map come from {head.Embedder}; {embedder.Model} knows nothing of them. Build the map again.");
        EntityRecord[] sorted = [.. records.Entities.OrderBy(entity => entity.Repository, StringComparer.Ordinal).ThenBy(entity => entity.Path, StringComparer.Ordinal).ThenBy(entity => entity.Offset).ThenBy(entity => entity.Number)];
        MapContents contents = ContentsOf(records.Files, sorted);
        WordWeights words = WordWeights.Read(isModel ? CodeMapOptions.Default.Dimension : head.Dimension, records.Blobs);
        TokenVectors vectors = isModel ? new TokenVectors(StoredVectors(sorted, head.Dimension)) : new TokenVectors(words.Embedder, contents.Tokens);
        var lineage = new MapLineage([.. sorted.Select(entity => entity.Number)], head.NextNumber, head.Fitted, head.Drift);
        return new CodeMapSnapshot(contents, words, isModel ? embedder ?? new MissingEmbedder(head.Embedder) : null, vectors, lineage)
        {
            Root = head.Root,
            Skipped = head.Skipped,
            Layers = LayersOf(records.Clusters, lineage.Numbers),
            Termination = head.Termination,
            Timings = default,
        };
    }

    private static MapContents ContentsOf(IReadOnlyList<FileRecord> files, EntityRecord[] sorted)
    {
        Dictionary<(string, string), FileRecord> byPath = files.ToDictionary(file => (file.Repository, file.Path));
        var entities = new CodeEntity[sorted.Length];
        var tokens = new WeightedToken[sorted.Length][];
        var mentions = new string[sorted.Length][];
        Parallel.For(0, sorted.Length, i =>
        {
            EntityRecord record = sorted[i];
            if (!byPath.TryGetValue((record.Repository, record.Path), out FileRecord? file) || record.Offset < 0 || record.Length < 0 || record.Offset > file.Text.Length - record.Length)
                throw new InvalidDataException($"The map has no text for {record.Id}; build it again from nothing.");
            entities[i] = EntityOf(record, file.Text.AsMemory(record.Offset, record.Length));
            tokens[i] = TokenBytes.Read(record.Tokens.Span);
            mentions[i] = record.Mentions.Length == 0 ? [] : record.Mentions.Split('\n');
        });
        FileRecord[] inOrder = [.. files.OrderBy(file => file.Repository, StringComparer.Ordinal).ThenBy(file => file.Path, StringComparer.Ordinal)];
        return new MapContents(inOrder, entities, tokens, mentions);
    }

    private static CodeEntity EntityOf(EntityRecord record, ReadOnlyMemory<char> source) => new()
    {
        Id = record.Id,
        Repository = record.Repository,
        Path = record.Path,
        Scope = record.Scope,
        Kind = Enum.TryParse(record.Kind, ignoreCase: true, out EntityKind kind) ? kind : throw new InvalidDataException($"{record.Id} is said to be a '{record.Kind}', which this version does not know."),
        Name = record.Name,
        Ordinal = record.Ordinal,
        StartLine = record.StartLine,
        EndLine = record.EndLine,
        Documentation = record.Documentation,
        Source = source,
        ContentHash = record.ContentHash,
    };

    private static Matrix StoredVectors(EntityRecord[] sorted, int dimension)
    {
        var values = new float[checked(sorted.Length * dimension)];
        for (int i = 0; i < sorted.Length; i++)
        {
            ReadOnlySpan<float> vector = MemoryMarshal.Cast<byte, float>(sorted[i].Vector.Span);
            if (vector.Length != dimension)
                throw new InvalidDataException($"{sorted[i].Id} has a vector of {vector.Length} numbers in a map of {dimension}; build it again from nothing.");
            vector.CopyTo(values.AsSpan(i * dimension));
        }

        return new Matrix(values, dimension);
    }

    private static CodeLayer[] LayersOf(IReadOnlyList<ClusterRecord> records, int[] numbers)
    {
        ClusterRecord[][] layers = [.. records.GroupBy(record => record.Layer).OrderBy(layer => layer.Key).Select(layer => layer.OrderBy(record => record.Number).ToArray())];
        var positions = new Dictionary<int, int>();
        for (int i = 0; i < numbers.Length; i++)
            positions[numbers[i]] = i;
        var opened = new CodeLayer[layers.Length];
        int[][] parents = [.. layers.Select(layer => new int[layer.Length])];
        for (int i = 0; i < layers.Length; i++)
        {
            int below = i == 0 ? 0 : layers[i - 1].Length;
            int[][] members = [.. layers[i].Select(record => Positions(record, record.Members))];
            int[][] shared = [.. layers[i].Select(record => Positions(record, record.Shared))];
            for (int parent = 0; i > 0 && parent < members.Length; parent++)
            {
                foreach (int member in members[parent].Except(shared[parent]))
                    parents[i - 1][member] = parent;
            }

            opened[i] = new CodeLayer(i + 1, [.. layers[i].Select((record, number) => ClusterOf(record, members[number], shared[number]))]);
            if (layers[i].Where((record, number) => record.Number != number || record.Layer != i + 1).Any())
                throw new InvalidDataException($"Layer {i + 1} of the map has gaps; build it again from nothing.");

            int[] Positions(ClusterRecord record, IReadOnlyList<string> ids) => [.. ids.Select(id =>
                ClusterId.TryParse(id, out ClusterId parsed) && parsed.Layer == i && (i == 0 ? positions.TryGetValue(parsed.Number, out int position) : (position = parsed.Number) < below)
                    ? position
                    : throw new InvalidDataException($"{record.Id} has a member {id} that the map does not have; build it again from nothing.")).Order()];
        }

        for (int i = 0; i + 1 < opened.Length; i++)
            opened[i] = opened[i] with { Clusters = [.. opened[i].Clusters.Select(cluster => cluster.Under(parents[i][cluster.Number]))] };
        return opened;
    }

    private static CodeCluster ClusterOf(ClusterRecord record, int[] members, int[] shared) => new()
    {
        Id = record.Id,
        StableLabel = record.StableLabel,
        Label = record.Label,
        Summary = record.Summary,
        Words = record.Words,
        Layer = record.Layer,
        Number = record.Number,
        Members = members,
        Parent = null,
        Size = record.Size,
        Centroid = record.Centroid is float[] centroid ? centroid : record.Centroid.ToArray(),
        Shared = shared,
        Hash = record.Hash,
        Churn = record.Churn,
    };
}
