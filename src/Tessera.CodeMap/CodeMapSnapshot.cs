using System.Diagnostics;
using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Graph;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Retrieval;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Storage;
using Tessera.CodeMap.Tokens;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.CodeMap;

/// <summary>
/// A code base mapped as it was at one moment: its entities (layer 0), layers of clusters over them, and an index to
/// search. Immutable; any number of threads may query it. Made by <see cref="CodeMapBuilder"/>.
/// </summary>
public sealed class CodeMapSnapshot : IDisposable
{
    /// <summary>What the score of a test counts beside that of the code that it tests: 0.75.</summary>
    public const float TestShare = 0.75f;

    // Enough that a page of tests before the code does not hide it.
    private const int LeastCandidates = 100;

    private static readonly ulong WordTest = HashedTextEmbedder.Hash(Stemmer.Stem("test"));

    private readonly HashedTextEmbedder _embedder;
    private readonly IEntityEmbedder? _model;
    private readonly TokenVectors _vectors;
    private readonly Lazy<Retriever> _retriever;
    private Lazy<VectorIndex> _index;
    private readonly Lazy<CodeEdge[]> _edges;
    private readonly Lazy<int[]> _clusterOfEntity;

    internal CodeMapSnapshot(MapContents contents, WordWeights words, IEntityEmbedder? model, TokenVectors vectors, MapLineage lineage)
    {
        _embedder = words.Embedder;
        _model = model;
        Contents = contents;
        Words = words;
        _vectors = vectors;
        Lineage = lineage;
        _edges = new Lazy<CodeEdge[]>(() => CodeGraph.Edges(contents.Entities, contents.Mentions, CancellationToken.None));
        _index = new Lazy<VectorIndex>(() => IndexOf(vectors.All, 0, CancellationToken.None));
        _clusterOfEntity = new Lazy<int[]>(FindClusters);
        _retriever = new Lazy<Retriever>(() => new Retriever(this, contents.Tokens));
    }

    /// <summary>The folder that was mapped, as a full path; empty for a map over several repositories.</summary>
    public required string Root { get; init; }

    /// <summary>Files that were read.</summary>
    public int Files => Contents.Files.Count;

    /// <summary>Files that were left out.</summary>
    public required SkippedFiles Skipped { get; init; }

    /// <summary>The entities, ordered by path and position.</summary>
    public IReadOnlyList<CodeEntity> Entities => Contents.Entities;

    /// <summary>The entities' vectors, one row each, of length 1.</summary>
    public Matrix Vectors => _vectors.All;

    /// <summary>The layers of clusters, from layer 1 up; empty for a code base that is too small.</summary>
    public required IReadOnlyList<CodeLayer> Layers { get; init; }

    /// <summary>Why there are no more layers.</summary>
    public required LayerTermination Termination { get; init; }

    /// <summary>Where the time went.</summary>
    public CodeMapTimings Timings { get; internal set; }

    /// <summary>The repositories that its entities come from, in order; one without a name is empty.</summary>
    public IReadOnlyList<string> Repositories => [.. Entities.Select(entity => entity.Repository).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The exact index over <see cref="Vectors"/> by inner product, ids being the numbers of the entities. The map disposes it.</summary>
    /// <remarks>Made when it is first asked for.</remarks>
    public VectorIndex Index => _index.Value;

    /// <summary>Which entities mention which others.</summary>
    /// <remarks>Found when they are first asked for.</remarks>
    public IReadOnlyList<CodeEdge> Edges => _edges.Value;

    /// <summary>Layer 0, with what queries and later builds need of it.</summary>
    internal MapContents Contents { get; }

    /// <summary>The weights of words.</summary>
    internal WordWeights Words { get; }

    /// <summary>The matrix of <see cref="Vectors"/>, in which these rows are there; the others may be zero.</summary>
    internal Matrix VectorsOf(IEnumerable<int> entities) => _vectors.Of(entities);

    /// <summary>What ties it to the maps that it follows on.</summary>
    internal MapLineage Lineage { get; }

    /// <summary>For each entity the number of its cluster in layer 1; empty without layers.</summary>
    internal int[] ClusterOfEntity => _clusterOfEntity.Value;

    /// <summary>The position of an entity in <see cref="Entities"/>.</summary>
    /// <param name="id">Its id, or its id as a record of layer 0, <c>hirag::layer0::{number}</c>.</param>
    /// <returns>-1 where the map has no such entity.</returns>
    public int PositionOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (ClusterId.TryParse(id, out ClusterId record))
            return record.Layer == 0 ? Array.IndexOf(Lineage.Numbers, record.Number) : -1;
        return Array.FindIndex(Contents.Entities, entity => entity.Id == id);
    }

    /// <summary>The entity of an id; null where the map has none.</summary>
    /// <inheritdoc cref="PositionOf"/>
    public CodeEntity? Find(string id) => PositionOf(id) is >= 0 and int position ? Entities[position] : null;

    /// <summary>The cluster of an id; null where the map has none.</summary>
    /// <param name="id">Such as <c>hirag::layer1::5</c>, with the repository where the map is of one.</param>
    public CodeCluster? FindCluster(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!ClusterId.TryParse(id, out ClusterId parsed) || parsed.Layer < 1 || parsed.Layer > Layers.Count || parsed.Number >= Layers[parsed.Layer - 1].Clusters.Count)
            return null;
        CodeCluster cluster = Layers[parsed.Layer - 1].Clusters[parsed.Number];
        return cluster.Id == id ? cluster : null;
    }

    /// <summary>The clusters that an entity lies in, from the top layer down.</summary>
    /// <param name="entity">Its number in <see cref="Entities"/>.</param>
    public IReadOnlyList<CodeCluster> PathOf(int entity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entity);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(entity, Entities.Count);
        var path = new CodeCluster[Layers.Count];
        int? number = Layers.Count == 0 ? null : ClusterOfEntity[entity];
        for (int layer = 0; layer < Layers.Count; layer++)
        {
            CodeCluster cluster = Layers[layer].Clusters[number!.Value];
            path[Layers.Count - 1 - layer] = cluster;
            number = cluster.Parent;
        }

        return path;
    }

    /// <summary>The entities of a cluster of layer 1 that stand for it best: those nearest to its centroid, no name twice while there are others.</summary>
    /// <param name="cluster">A cluster of layer 1 of this map.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<CodeEntity> Examples(CodeCluster cluster, int count)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (cluster.Layer != 1)
            throw new ArgumentException($"{cluster.Id} is in layer {cluster.Layer}; only clusters of layer 1 have entities as members.", nameof(cluster));
        return [.. cluster.Members
            .OrderByDescending(member => Product.Of(Vectors[member], cluster.Centroid.Span))
            .ThenBy(member => member)
            .Select(member => Entities[member])
            .DistinctBy(entity => entity.DisplayName)
            .Take(count)];
    }

    /// <summary>Finds the entities nearest to a question or to words. Words that occur nowhere in the code are passed over.</summary>
    /// <param name="text">Words, a sentence, or an identifier.</param>
    /// <param name="count">Answers at most, at least 1 (default 10).</param>
    /// <returns>The nearest first; empty when no word of the text occurs in the code.</returns>
    /// <remarks>Tests are named after what the code does and would stand before it; unless the text speaks of tests, theirs count <see cref="TestShare"/> of their score.</remarks>
    public IReadOnlyList<CodeAnswer> Query(string text, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        bool asksForTests = AsksForTests(text);
        return [.. Nearest(text, (int)Math.Min(Math.Max(LeastCandidates, 4L * count), int.MaxValue))
            .Select(near => (near.Number, Score: near.Score * ShareOf(near.Number, asksForTests)))
            .OrderByDescending(answer => answer.Score)
            .ThenBy(answer => answer.Number)
            .Take(count)
            .Select(answer => new CodeAnswer(Entities[answer.Number], answer.Score, PathOf(answer.Number)))];
    }

    /// <summary>Answers a question in one of several ways.</summary>
    /// <param name="text">Words, a sentence, or an identifier.</param>
    /// <param name="options">Mode, number of answers, budget; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public RetrievalResult Retrieve(string text, RetrievalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        options ??= RetrievalOptions.Default;
        options.Validate();
        return _retriever.Value.Retrieve(text, options);
    }

    /// <summary>Writes the vector that <see cref="Query"/> searches with.</summary>
    /// <param name="text">Words, a sentence, or an identifier.</param>
    /// <param name="vector">Receives as many numbers as <see cref="Vectors"/> has dimensions: length 1, or all 0.</param>
    /// <returns>Whether it says anything: some word of the text occurs in the code, or a model embedded it.</returns>
    /// <exception cref="ModelException">The vectors come from a model, and that fails.</exception>
    public bool Embed(string text, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_model is not null)
            return EmbedByModel(_model, text, vector);
        return _embedder.Embed(KnownTokens(text), vector);
    }

    private static bool EmbedByModel(IEntityEmbedder model, string text, Span<float> vector)
    {
        vector.Clear();
        if (string.IsNullOrWhiteSpace(text))
            return false;
        float[] embedded = model.EmbedAsync(text).GetAwaiter().GetResult();
        if (embedded.Length != vector.Length)
            throw new ModelException($"{model.Model} gave {embedded.Length} numbers for a question, but {vector.Length} for the entities; build the map anew.");
        embedded.CopyTo(vector);
        return true;
    }

    /// <summary>The tokens of a question that occur in the code.</summary>
    internal WeightedToken[] KnownTokens(string text) => [.. QueryTokens.Of(text).Where(token => _embedder.DocumentFrequency(token.Hash) > 0)];

    internal static bool AsksForTests(string text) => QueryTokens.Of(text).Any(token => token.Hash == WordTest);

    /// <summary>What the score of an entity counts: less than all for a test that was not asked for.</summary>
    internal float ShareOf(int entity, bool asksForTests) => !asksForTests && Entities[entity].IsTest ? TestShare : 1;

    /// <summary>The entities whose vectors are nearest to a question, with their cosines.</summary>
    internal IReadOnlyList<(int Number, float Score)> Nearest(string text, int count)
    {
        var query = new float[Vectors.Dimension];
        if (Entities.Count == 0 || !Embed(text, query))
            return [];
        var nearest = new Neighbor[Math.Min(count, Entities.Count)];
        int found = Index.Search(query, nearest);
        return [.. nearest.Take(found).Select(neighbor => ((int)neighbor.Id, -neighbor.Distance))];
    }

    /// <summary>Releases the index.</summary>
    public void Dispose()
    {
        if (_index.IsValueCreated)
            Index.Dispose();
    }

    /// <summary>The same entities under other layers.</summary>
    internal CodeMapSnapshot With(IReadOnlyList<CodeLayer> layers, LayerTermination termination, CodeMapTimings timings) => new(Contents, Words, _model, _vectors, Lineage)
    {
        Root = Root,
        Skipped = Skipped,
        Layers = layers,
        Termination = termination,
        Timings = timings,
    };

    /// <summary>Makes the index now rather than at the first query.</summary>
    internal void MakeIndex(int threads, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        VectorIndex index = IndexOf(Vectors, threads, cancellationToken);
        _index = new Lazy<VectorIndex>(index);
        _ = _index.Value;
        Timings = Timings with { Indexing = Stopwatch.GetElapsedTime(start) };
    }

    private static VectorIndex IndexOf(Matrix vectors, int threads, CancellationToken cancellationToken)
    {
        VectorIndex index = IndexFactory.Create("Flat", vectors.Dimension, Metric.InnerProduct);
        if (vectors.Rows > 0)
            index.Add(vectors, options: new BuildOptions { Threads = threads }, cancellationToken: cancellationToken);
        return index;
    }

    private int[] FindClusters()
    {
        if (Layers.Count == 0)
            return [];
        var clusterOfEntity = new int[Entities.Count];
        foreach (CodeCluster cluster in Layers[0].Clusters)
        {
            foreach (int member in cluster.Shared.Count == 0 ? cluster.Members : cluster.Members.Except(cluster.Shared))
                clusterOfEntity[member] = cluster.Number;
        }

        return clusterOfEntity;
    }
}
