using System.Diagnostics;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Entities.Ctags;
using Tessera.CodeMap.Graph;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Summaries;
using Tessera.CodeMap.Tokens;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.CodeMap;

/// <summary>Maps the source files of a folder: entities by syntax (C# by Roslyn, other languages by universal-ctags where it is installed, else by stretches of lines), vectors by hashed tokens, layers of clusters by k-means, summaries from the code's own words. Needs no model and no network, unless the options name a model for vectors or summaries.</summary>
public static class CodeMapBuilder
{
    /// <summary>Builds a map.</summary>
    /// <param name="root">The folder. Files that <c>.gitignore</c> names are left out, and so are folders named bin, obj and node_modules, those that begin with a dot, and links.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="progress">Told how far it is, from any thread.</param>
    /// <param name="cancellationToken">Stops the build.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    /// <exception cref="Models.ModelException">The model that gives the vectors fails.</exception>
    public static CodeMapSnapshot Build(string root, CodeMapOptions? options = null, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        options ??= CodeMapOptions.Default;
        LayerSettings layerSettings = LayerSettings.From(options);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}' to map.");

        long start = Stopwatch.GetTimestamp();
        var lexicon = new Lexicon(options.ReadDocumentation);
        (FileEntities[] files, int filesRead, SkippedFiles skipped) = ReadFiles(root, options, lexicon, progress, cancellationToken);
        CodeEntity[] entities = [.. files.SelectMany(file => file.Entities)];
        WeightedToken[][] tokens = [.. files.SelectMany(file => file.Tokens)];
        TimeSpan reading = Lap(ref start);

        progress?.Report(new CodeMapProgress("embedding", 0, entities.Length));
        ReadOnlyMemory<WeightedToken>[] documents = [.. tokens.Select(document => (ReadOnlyMemory<WeightedToken>)document)];
        HashedTextEmbedder embedder = HashedTextEmbedder.Fit(options.Dimension, documents, cancellationToken);
        Matrix vectors = options.Embedder is null
            ? embedder.Embed(documents, options.Threads, cancellationToken)
            : options.Embedder.EmbedAsync(entities, options.ReadDocumentation, progress, cancellationToken).GetAwaiter().GetResult();
        TimeSpan embedding = Lap(ref start);

        var layerProgress = progress is null ? null : new LayerProgress(progress);
        var (layers, termination) = new LayerBuilder(layerSettings).BuildHierarchicalLayers(vectors, layerProgress, options.Log, cancellationToken);
        TimeSpan clustering = Lap(ref start);

        progress?.Report(new CodeMapProgress("naming clusters", 0, 0));
        string[][][] words = new ClusterLabeler(lexicon.Glossary(), embedder, tokens).Label(layers, cancellationToken);
        IReadOnlyList<CodeLayer> named = LayerSummarizer.SummarizeAsync(
            entities, vectors, LayerAssembler.Assemble(layers, words, options.Repository), options.Summarizer ?? ExtractiveSummarizer.Instance, progress, cancellationToken)
            .GetAwaiter().GetResult();
        TimeSpan naming = Lap(ref start);

        progress?.Report(new CodeMapProgress("indexing", 0, entities.Length));
        VectorIndex index = IndexFactory.Create("Flat", vectors.Dimension, Metric.InnerProduct);
        if (entities.Length > 0)
            index.Add(vectors, options: new BuildOptions { Threads = options.Threads }, cancellationToken: cancellationToken);
        TimeSpan indexing = Lap(ref start);

        CodeEdge[] edges = CodeGraph.Edges(entities, [.. files.SelectMany(file => file.Mentions)], cancellationToken);
        return new CodeMapSnapshot(embedder, options.Embedder, index, ClusterOfEntity(layers, entities.Length), tokens, edges)
        {
            Root = root,
            Files = filesRead,
            Skipped = skipped,
            Entities = entities,
            Vectors = vectors,
            Layers = named,
            Termination = termination,
            Timings = new CodeMapTimings(reading, embedding, clustering, naming, indexing),
        };
    }

    private sealed class LayerProgress(IProgress<CodeMapProgress> progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new CodeMapProgress($"clustering layer {value}", 0, 0));
    }

    private static TimeSpan Lap(ref long start)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        return elapsed;
    }

    private static (FileEntities[] Files, int Read, SkippedFiles Skipped) ReadFiles(
        string root, CodeMapOptions options, Lexicon lexicon, IProgress<CodeMapProgress>? progress, CancellationToken cancellationToken)
    {
        (List<string> paths, int unreadableFolders) = SourceTree.List(root, cancellationToken);
        using var ctags = new CtagsProcess(options.FileTimeLimit);
        var reader = new EntityReader(options.Repository, lexicon, ctags);
        var files = new FileEntities[paths.Count];
        var verdicts = new SourceFile.Verdict[paths.Count];
        int done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Threads == 0 ? -1 : options.Threads,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, paths.Count, parallel, i =>
        {
            (verdicts[i], string text) = SourceFile.Read(Path.Combine(root, paths[i]), options.MaxFileBytes);
            files[i] = verdicts[i] == SourceFile.Verdict.Source
                ? reader.Read(Path.Combine(root, paths[i]), paths[i], text, cancellationToken)
                : new FileEntities([], [], []);
            progress?.Report(new CodeMapProgress("reading files", Interlocked.Increment(ref done), paths.Count));
        });
        var skipped = new SkippedFiles(
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Huge),
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Binary),
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Generated),
            verdicts.Count(verdict => verdict == SourceFile.Verdict.Unreadable) + unreadableFolders);
        return (files, verdicts.Count(verdict => verdict == SourceFile.Verdict.Source), skipped);
    }

    private static int[] ClusterOfEntity(List<RawCluster[]> layers, int entities)
    {
        if (layers.Count == 0)
            return [];
        var clusterOfEntity = new int[entities];
        for (int cluster = 0; cluster < layers[0].Length; cluster++)
        {
            foreach (int member in layers[0][cluster].Members)
                clusterOfEntity[member] = cluster;
        }

        return clusterOfEntity;
    }
}
