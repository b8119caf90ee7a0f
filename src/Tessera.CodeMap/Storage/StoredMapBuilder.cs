using System.Diagnostics;
using System.Globalization;
using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Storage;

/// <summary>
/// Builds maps in a store. Where a map is there already, only what has changed is read, embedded, clustered and summarised again,
/// and what lies above it; each call ends in one commit. The names of its parts are those of the reference document.
/// </summary>
/// <param name="store">Where the maps are. Not disposed.</param>
/// <param name="options">Settings; null for the defaults.</param>
public sealed class StoredMapBuilder(ICodeMapStore store, StoredMapOptions? options = null)
{
    private const char BetweenSettings = '|';

    private readonly StoredMapOptions _options = options ?? StoredMapOptions.Default;

    /// <summary>Brings the map of a repository up to date, with all its layers: what <c>tessera code build</c> does.</summary>
    /// <param name="root">The folder of its sources.</param>
    /// <param name="repository">Its name.</param>
    /// <param name="cancellationToken">Stops the build; the map is as it was.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="StaleBuildException">Another build was quicker, or is newer.</exception>
    /// <exception cref="IOException">The store does not answer; the map is as it was.</exception>
    public Task<BuildReport> BuildAsync(string root, string repository, CancellationToken cancellationToken = default) =>
        BuildRepositoryAsync(root, repository, withLayers: true, cancellationToken);

    /// <summary>Brings layer 0 of a repository's map up to date. Layers that are there are taken along; a new map has none until <see cref="BuildHierarchicalLayersAsync"/>.</summary>
    /// <inheritdoc cref="BuildAsync"/>
    public Task<BuildReport> BuildFirstLayerForRepoAsync(string root, string repository, CancellationToken cancellationToken = default) =>
        BuildRepositoryAsync(root, repository, withLayers: false, cancellationToken);

    /// <summary>Brings the map over all repositories of the store up to date, with all its layers.</summary>
    /// <param name="cancellationToken">Stops the build; the map is as it was.</param>
    /// <exception cref="InvalidOperationException">There is no repository, or the vectors of two come from different models.</exception>
    /// <exception cref="StaleBuildException">Another build was quicker, or is newer.</exception>
    /// <exception cref="IOException">The store does not answer; the map is as it was.</exception>
    public Task<BuildReport> BuildGlobalAsync(CancellationToken cancellationToken = default) => BuildAllAsync(withLayers: true, cancellationToken);

    /// <summary>Brings layer 0 of the map over all repositories up to date. Layers that are there are taken along.</summary>
    /// <inheritdoc cref="BuildGlobalAsync"/>
    public Task<BuildReport> BuildFirstLayerAsync(CancellationToken cancellationToken = default) => BuildAllAsync(withLayers: false, cancellationToken);

    /// <summary>Builds all layers above layer 0 anew, until a rule stops it.</summary>
    /// <param name="repository">The repository; null for the map over all.</param>
    /// <param name="k">Clusters of each layer; 0 for the square root of the items.</param>
    /// <param name="minClusters">Items that a layer must have for another one to be built over it, at least 2.</param>
    /// <param name="cancellationToken">Stops the build; the map is as it was.</param>
    /// <exception cref="InvalidOperationException">There is no layer 0 of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="StaleBuildException">Another build was quicker, or is newer.</exception>
    /// <exception cref="IOException">The store does not answer; the map is as it was.</exception>
    public Task<BuildReport> BuildHierarchicalLayersAsync(string? repository, int k = 0, int minClusters = 3, CancellationToken cancellationToken = default) =>
        LayAsync(repository, _options.Map with { Clusters = k, MinClusters = minClusters }, cancellationToken);

    /// <summary>Builds the first layer of clusters and no further one: a thin wrapper around <see cref="BuildHierarchicalLayersAsync"/>.</summary>
    /// <inheritdoc cref="BuildHierarchicalLayersAsync"/>
    public Task<BuildReport> BuildSecondLayerAsync(string? repository, int k = 0, CancellationToken cancellationToken = default) =>
        LayAsync(repository, _options.Map with { Clusters = k, MaxDepth = 1 }, cancellationToken);

    private async Task<BuildReport> BuildRepositoryAsync(string root, string repository, bool withLayers, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentException.ThrowIfNullOrEmpty(repository);
        CodeMapOptions settings = _options.Map with { Repository = repository };
        var maker = new MapMaker(settings, _options.Progress, cancellationToken);
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Before before = await OpenAsync(repository, settings, cancellationToken).ConfigureAwait(false);

        long start = Stopwatch.GetTimestamp();
        var lexicon = new Lexicon(settings.ReadDocumentation);
        SourceReading reading = SourceReader.Read(root, settings, lexicon, before.Map?.Contents.ByPath(), _options.Progress, cancellationToken);
        var source = new MapSource(root, reading.Skipped, Stopwatch.GetElapsedTime(start));
        CodeMapSnapshot? map = before.Map is null ? null : await maker.UpdateAsync(before.Map, source, reading.Contents, lexicon.Glossary()).ConfigureAwait(false);
        if (map is null)
        {
            if (before.Map is not null)
            {
                // The words of what had not changed were not read.
                lexicon = new Lexicon(settings.ReadDocumentation);
                reading = SourceReader.Read(root, settings, lexicon, null, _options.Progress, cancellationToken);
                source = source with { Reading = Stopwatch.GetElapsedTime(start) };
            }

            bool layers = withLayers || before.HasLayers;
            map = await maker.MakeAsync(source, reading.Contents, lexicon.Glossary(), before.Map, layers).ConfigureAwait(false);
            return await CommitAsync(repository, before with { Map = null }, map, settings, reading.FilesRead, layers, cancellationToken).ConfigureAwait(false);
        }

        if (withLayers && !before.HasThese(settings))
            map = await maker.LayAsync(map, before.Map).ConfigureAwait(false);
        return await CommitAsync(repository, before, map, settings, reading.FilesRead, withLayers, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BuildReport> BuildAllAsync(bool withLayers, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        var maps = new List<CodeMapSnapshot>();
        IReadOnlyList<MapHead> heads = [.. (await store.MapsAsync(cancellationToken).ConfigureAwait(false)).Where(head => head.Map != MapHead.Global)];
        if (heads.Count == 0)
            throw new InvalidOperationException($"{store.Name} has no repositories to map together; build them first.");
        if (heads.FirstOrDefault(head => head.Embedder != heads[0].Embedder || head.Dimension != heads[0].Dimension) is { } other)
        {
            throw new InvalidOperationException(
                $"The vectors of '{heads[0].Map}' come from {heads[0].Embedder} and have {heads[0].Dimension} numbers, those of '{other.Map}' from {other.Embedder} and have {other.Dimension}: they cannot be compared. Build both alike.");
        }

        foreach (MapHead head in heads)
            maps.Add((await CodeMapReader.OpenAsync(store, head.Map, null, cancellationToken).ConfigureAwait(false))!);
        IEntityEmbedder? embedder = heads[0].Embedder == CodeMapReader.TokenEmbedder ? null : new StoredEmbedder(heads[0].Embedder, maps);
        CodeMapOptions settings = _options.Map with { Repository = null, Embedder = embedder, Dimension = embedder is null ? heads[0].Dimension : _options.Map.Dimension };
        var maker = new MapMaker(settings, _options.Progress, cancellationToken);
        Before before = await OpenAsync(MapHead.Global, settings, cancellationToken).ConfigureAwait(false);
        var contents = new MapContents(
            [.. maps.SelectMany(map => map.Contents.Files)],
            [.. maps.SelectMany(map => map.Contents.Entities)],
            [.. maps.SelectMany(map => map.Contents.Tokens)],
            [.. maps.SelectMany(map => map.Contents.Mentions)]);
        Glossary glossary = maps.Select(map => map.Words.Glossary).Aggregate((all, next) => all.With(next));
        var source = new MapSource("", default, Stopwatch.GetElapsedTime(start));
        CodeMapSnapshot? updated = before.Map is null ? null : await maker.UpdateAsync(before.Map, source, contents, glossary).ConfigureAwait(false);
        bool layers = withLayers || before.HasLayers;
        CodeMapSnapshot all = updated ?? await maker.MakeAsync(source, contents, glossary, before.Map, layers).ConfigureAwait(false);
        if (updated is null)
            before = before with { Map = null };
        else if (withLayers && !before.HasThese(settings))
            all = await maker.LayAsync(all, before.Map).ConfigureAwait(false);
        return await CommitAsync(MapHead.Global, before, all, settings, 0, layers, cancellationToken).ConfigureAwait(false);
    }

    private async Task<BuildReport> LayAsync(string? repository, CodeMapOptions settings, CancellationToken cancellationToken)
    {
        string name = repository ?? MapHead.Global;
        settings = settings with { Repository = repository };
        var maker = new MapMaker(settings, _options.Progress, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        if (await store.HeadAsync(name, cancellationToken).ConfigureAwait(false) is not { } head
            || await CodeMapReader.OpenAsync(store, name, null, cancellationToken).ConfigureAwait(false) is not { } old)
            throw new InvalidOperationException($"{store.Name} has no layer 0 of {(repository is null ? "all repositories" : $"'{repository}'")}; build the first layer before the layers above it.");
        var before = new Before(head, old, Stopwatch.GetElapsedTime(start));
        return await CommitAsync(name, before, await maker.LayAsync(old, old).ConfigureAwait(false), settings, 0, true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The map that a build follows on, where it can.</summary>
    private async Task<Before> OpenAsync(string name, CodeMapOptions settings, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        MapHead? head = await store.HeadAsync(name, cancellationToken).ConfigureAwait(false);
        if (head is null || _options.IsFresh || !head.Settings.StartsWith(ReadingSettings(settings) + BetweenSettings, StringComparison.Ordinal) || head.Embedder != EmbedderOf(settings))
            return new Before(head, null, default);
        MapRecords? records = await store.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        return new Before(records?.Head, records is null ? null : CodeMapReader.Open(records, settings.Embedder), Stopwatch.GetElapsedTime(start));
    }

    private async Task<BuildReport> CommitAsync(
        string name, Before before, CodeMapSnapshot map, CodeMapOptions settings, int filesRead, bool withLayers, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        string layers = withLayers || before.Head is null ? LayerSettingsOf(settings) : before.Head.Settings[(before.Head.Settings.IndexOf(BetweenSettings, StringComparison.Ordinal) + 1)..];
        string reading = before.Map is not null ? before.Head!.Settings[..before.Head.Settings.IndexOf(BetweenSettings, StringComparison.Ordinal)] : ReadingSettings(settings);
        var head = new MapHead
        {
            Map = name,
            Generation = (before.Head?.Generation ?? 0) + 1,
            Token = _options.Token,
            Root = map.Root,
            Commit = _options.Commit,
            BuiltAt = DateTimeOffset.UtcNow,
            Files = map.Files,
            Skipped = map.Skipped,
            Embedder = before.Map is not null ? before.Head!.Embedder : EmbedderOf(settings),
            Dimension = map.Vectors.Dimension,
            Settings = reading + BetweenSettings + layers,
            Fitted = map.Lineage.Fitted,
            Drift = map.Lineage.Drift,
            NextNumber = map.Lineage.NextNumber,
            Termination = map.Termination,
        };
        MapValidator.Validate(map);
        MapChange change = MapDiff.Between(before.Map, map, head, before.Head?.Generation ?? 0);
        await store.CommitAsync(change, cancellationToken).ConfigureAwait(false);
        return new BuildReport(
            map, head, before.Map is not null, filesRead, change.PutEntities.Count, change.RemovedEntities.Count, change.PutClusters.Count, before.Opening, Stopwatch.GetElapsedTime(start));
    }

    private static string EmbedderOf(CodeMapOptions settings) => settings.Embedder?.Model ?? CodeMapReader.TokenEmbedder;

    /// <summary>What layer 0 depends on.</summary>
    private static string ReadingSettings(CodeMapOptions settings) => string.Create(
        CultureInfo.InvariantCulture, $"1 dimension={settings.Dimension} documentation={settings.ReadDocumentation} bytes={settings.MaxFileBytes}");

    /// <summary>What the layers above depend on.</summary>
    private static string LayerSettingsOf(CodeMapOptions settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{LayerSettings.From(settings) with { Threads = 0 }} summaries={settings.Summarizer?.GetType().Name}");

    /// <param name="Head">What the store has; null for nothing.</param>
    /// <param name="Map">The map to follow on; null to begin anew.</param>
    /// <param name="Opening">How long it took to open.</param>
    private sealed record Before(MapHead? Head, CodeMapSnapshot? Map, TimeSpan Opening)
    {
        public bool HasLayers => Head is not null && Head.Termination.Reason != TerminationReason.NotBuilt;

        public bool HasThese(CodeMapOptions settings) => HasLayers && Head!.Settings.EndsWith(BetweenSettings + LayerSettingsOf(settings), StringComparison.Ordinal);
    }
}
