using System.Diagnostics;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Summaries;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap;

/// <summary>Makes maps of layer 0: from nothing, or of the map before and what has changed since.</summary>
/// <param name="options">Settings.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class MapMaker(CodeMapOptions options, IProgress<CodeMapProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>Share of the entities that may have come, gone or changed since the words were weighed and the layers clustered; beyond it a map is made from nothing.</summary>
    public const double MostDrift = 0.25;

    private readonly LayerSettings _layers = LayerSettings.From(options);
    private readonly string _map = options.Repository ?? "";

    /// <summary>Makes a map from nothing.</summary>
    /// <param name="source">What it is of.</param>
    /// <param name="contents">Layer 0.</param>
    /// <param name="glossary">How the words are written.</param>
    /// <param name="before">The map before, whose numbers of entities and summaries are kept where they hold; null for none.</param>
    /// <param name="withLayers">Whether to cluster; else there are only entities.</param>
    public async Task<CodeMapSnapshot> MakeAsync(MapSource source, MapContents contents, Glossary glossary, CodeMapSnapshot? before = null, bool withLayers = true)
    {
        long start = Stopwatch.GetTimestamp();
        progress?.Report(new CodeMapProgress("embedding", 0, contents.Entities.Length));
        WordWeights words = WordWeights.Fit(options.Dimension, contents.Tokens, glossary, cancellationToken);
        Matrix vectors = await EmbedAsync(contents, words, Enumerable.Range(0, contents.Entities.Length)).ConfigureAwait(false);
        MapLineage lineage = MapLineage.Of(contents.Entities, before, contents.Entities.Length, 0);
        TimeSpan embedding = Lap(ref start);
        var map = new CodeMapSnapshot(contents, words, options.Embedder, new TokenVectors(vectors), lineage)
        {
            Root = source.Root,
            Skipped = source.Skipped,
            Layers = [],
            Termination = LayerTermination.NotBuilt,
            Timings = new CodeMapTimings(source.Reading, embedding, default, default, default),
        };
        return withLayers ? await LayAsync(map, before).ConfigureAwait(false) : map;
    }

    /// <summary>Clusters the entities of a map anew, layer on layer.</summary>
    /// <param name="map">The map; its layers do not count.</param>
    /// <param name="before">A map whose summaries are kept where they hold; null for none.</param>
    public async Task<CodeMapSnapshot> LayAsync(CodeMapSnapshot map, CodeMapSnapshot? before)
    {
        long start = Stopwatch.GetTimestamp();
        var layerProgress = progress is null ? null : new LayerProgress(progress);
        var (layers, termination) = new LayerBuilder(_layers).BuildHierarchicalLayers(map.Vectors, layerProgress, options.Log, cancellationToken);
        TimeSpan clustering = Lap(ref start);
        string[][][] words = Name(map, layers);
        IReadOnlyList<CodeLayer> named = await SummarizeAsync(map, LayerAssembler.Assemble(layers, words, _map), before).ConfigureAwait(false);
        return map.With(named, termination, map.Timings with { Clustering = clustering, Naming = Lap(ref start) });
    }

    /// <summary>Turns a map into that of other contents: what is in both keeps its vector and its cluster.</summary>
    /// <param name="old">The map before.</param>
    /// <param name="source">What it is of.</param>
    /// <param name="contents">Layer 0 as it is now.</param>
    /// <param name="glossary">How the files that changed write their words.</param>
    /// <returns>The map; null where so much has changed that it is to be made from nothing.</returns>
    public async Task<CodeMapSnapshot?> UpdateAsync(CodeMapSnapshot old, MapSource source, MapContents contents, Glossary glossary)
    {
        long start = Stopwatch.GetTimestamp();
        int[] cameFrom = Match(old, contents);
        int[] touched = [.. Enumerable.Range(0, cameFrom.Length).Where(entity => cameFrom[entity] < 0)];
        int drift = old.Lineage.Drift + Math.Max(touched.Length, old.Entities.Count - (cameFrom.Length - touched.Length));
        if (drift > MostDrift * old.Lineage.Fitted)
            return null;
        WordWeights words = old.Words.With(touched.Select(entity => contents.Tokens[entity]), glossary);
        TokenVectors vectors = options.Embedder is null
            ? new TokenVectors(words.Embedder, contents.Tokens)
            : new TokenVectors(await UpdateVectorsAsync(old, contents, words, cameFrom, touched).ConfigureAwait(false));
        MapLineage lineage = MapLineage.Of(contents.Entities, old, old.Lineage.Fitted, drift);
        TimeSpan embedding = Lap(ref start);
        var map = new CodeMapSnapshot(contents, words, options.Embedder, vectors, lineage)
        {
            Root = source.Root,
            Skipped = source.Skipped,
            Layers = [],
            Termination = old.Termination,
            Timings = new CodeMapTimings(source.Reading, embedding, default, default, default),
        };
        if (old.Layers.Count == 0)
            return old.Termination.Reason == TerminationReason.NotBuilt ? map : await LayAsync(map, old).ConfigureAwait(false);

        LayerPatch patch = new LayerPatcher(_layers, options.Log, cancellationToken).Patch(old, map, cameFrom);
        TimeSpan clustering = Lap(ref start);
        string[][][] names = patch.IsSameShape
            ? [.. old.Layers.Select(layer => layer.Clusters.Select(cluster => cluster.Words.ToArray()).ToArray())]
            : Name(map, patch.Layers);
        IReadOnlyList<CodeLayer> named = await SummarizeAsync(map, LayerAssembler.Assemble(patch.Layers, names, _map, patch.Churn), old).ConfigureAwait(false);
        return map.With(named, patch.Termination, map.Timings with { Clustering = clustering, Naming = Lap(ref start) });
    }

    /// <summary>For each entity its position in the old map, or -1 where it is new or different.</summary>
    private static int[] Match(CodeMapSnapshot old, MapContents contents)
    {
        var positions = new Dictionary<string, int>(old.Entities.Count, StringComparer.Ordinal);
        for (int i = 0; i < old.Entities.Count; i++)
            positions[old.Entities[i].Id] = i;
        return [.. contents.Entities.Select(entity =>
            positions.TryGetValue(entity.Id, out int position) && old.Entities[position].ContentHash == entity.ContentHash ? position : -1)];
    }

    private async Task<Matrix> UpdateVectorsAsync(CodeMapSnapshot old, MapContents contents, WordWeights words, int[] cameFrom, int[] touched)
    {
        progress?.Report(new CodeMapProgress("embedding", 0, touched.Length));
        Matrix added = await EmbedAsync(contents, words, touched).ConfigureAwait(false);
        int dimension = old.Vectors.Dimension;
        if (touched.Length > 0 && added.Dimension != dimension)
            throw new InvalidDataException($"The vectors have {added.Dimension} numbers now and had {dimension} before; build the map again from nothing.");
        var values = new float[checked(cameFrom.Length * dimension)];
        for (int entity = 0, next = 0; entity < cameFrom.Length; entity++)
        {
            ReadOnlySpan<float> row = cameFrom[entity] >= 0 ? old.Vectors[cameFrom[entity]] : added[next++];
            row.CopyTo(values.AsSpan(entity * dimension));
        }

        return new Matrix(values, dimension);
    }

    private async Task<Matrix> EmbedAsync(MapContents contents, WordWeights words, IEnumerable<int> entities)
    {
        int[] numbers = [.. entities];
        if (options.Embedder is null)
            return words.Embedder.Embed([.. numbers.Select(entity => (ReadOnlyMemory<WeightedToken>)contents.Tokens[entity])], options.Threads, cancellationToken);
        Matrix vectors = await options.Embedder.EmbedAsync([.. numbers.Select(entity => contents.Entities[entity])], options.ReadDocumentation, progress, cancellationToken).ConfigureAwait(false);
        for (int row = 0; row < vectors.Rows; row++)
        {
            foreach (float value in vectors[row])
            {
                if (!float.IsFinite(value))
                    throw new InvalidDataException($"{options.Embedder.Model} gave a vector with {value} in it for {contents.Entities[numbers[row]].Id}; the map is as it was.");
            }
        }

        return vectors;
    }

    private string[][][] Name(CodeMapSnapshot map, List<RawCluster[]> layers)
    {
        if (layers.Count == 0)
            return [];
        progress?.Report(new CodeMapProgress("naming clusters", 0, 0));
        return new ClusterLabeler(map.Words.Glossary, map.Words.Embedder, map.Contents.Tokens).Label(layers, cancellationToken);
    }

    private Task<CodeLayer[]> SummarizeAsync(CodeMapSnapshot map, CodeLayer[] layers, CodeMapSnapshot? before)
    {
        var known = new Dictionary<(int, string), CodeCluster>();
        foreach (CodeCluster cluster in (before?.Layers ?? []).SelectMany(layer => layer.Clusters).Where(cluster => cluster.Hash.Length > 0))
            known[(cluster.Layer, cluster.Hash)] = cluster;
        return LayerSummarizer.SummarizeAsync(map.Entities, map.VectorsOf, layers, options.Summarizer ?? ExtractiveSummarizer.Instance, known, progress, cancellationToken);
    }

    private static TimeSpan Lap(ref long start)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        return elapsed;
    }

    private sealed class LayerProgress(IProgress<CodeMapProgress> progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new CodeMapProgress($"clustering layer {value}", 0, 0));
    }
}
