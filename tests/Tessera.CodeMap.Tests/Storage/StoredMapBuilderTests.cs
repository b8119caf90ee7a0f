using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Retrieval;
using Tessera.CodeMap.Storage;
using Tessera.CodeMap.Summaries;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Storage;

public sealed class StoredMapBuilderTests : IDisposable
{
    private readonly SourceFolder _folder = Topics.Folder(filesOfEach: 12);
    private readonly InMemoryCodeMapStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_map_that_is_opened_again_answers_as_the_one_that_was_built()
    {
        using CodeMapSnapshot built = (await Builder().BuildAsync(_folder.Root, "sample", Token)).Map;
        using CodeMapSnapshot opened = (await CodeMapReader.OpenAsync(_store, "sample", null, Token))!;

        Assert.Equal(built.Entities.Select(Describe), opened.Entities.Select(Describe));
        Assert.True(built.Vectors.Span.SequenceEqual(opened.Vectors.Span));
        Assert.Equal(built.Layers.SelectMany(layer => layer.Clusters).Select(Describe), opened.Layers.SelectMany(layer => layer.Clusters).Select(Describe));
        Assert.Equal((built.Termination, built.Files, built.Skipped, built.Root), (opened.Termination, opened.Files, opened.Skipped, opened.Root));
        Assert.Equal(built.Edges, opened.Edges);
        foreach (RetrievalMode mode in Enum.GetValues<RetrievalMode>())
        {
            var options = new RetrievalOptions { Mode = mode };
            RetrievalResult expected = built.Retrieve("handles the invoice of a customer", options), actual = opened.Retrieve("handles the invoice of a customer", options);
            Assert.Equal(expected.Entities.Select(answer => (answer.Entity.Id, answer.Score)), actual.Entities.Select(answer => (answer.Entity.Id, answer.Score)));
            Assert.Equal(expected.Clusters.Select(answer => (answer.Cluster.Id, answer.Folder)), actual.Clusters.Select(answer => (answer.Cluster.Id, answer.Folder)));
        }
    }

    [Fact]
    public async Task After_an_edit_only_what_changed_is_read_and_written_and_only_its_clusters_are_summarised_again()
    {
        var summarizer = new CountingSummarizer();
        StoredMapBuilder builder = Builder(new CodeMapOptions { Summarizer = summarizer });
        BuildReport first = await builder.BuildAsync(_folder.Root, "sample", Token);
        int clusters = first.Map.Layers.Sum(layer => layer.Clusters.Count);
        Assert.Equal(clusters, summarizer.Calls);
        string path = first.Map.Entities[0].Path;
        string text = await File.ReadAllTextAsync(Path.Combine(_folder.Root, path), Token);
        _folder.Write(path, text.Replace("return ", "return 1 + ", StringComparison.Ordinal));

        BuildReport second = await builder.BuildAsync(_folder.Root, "sample", Token);

        Assert.True(second.IsIncremental);
        Assert.Equal((1, 2), (second.FilesRead, second.Head.Generation));
        int inFile = first.Map.Entities.Count(entity => entity.Path == path);
        Assert.Equal((inFile, 0), (second.EntitiesPut, second.EntitiesRemoved));
        int dirty = summarizer.Calls - clusters;
        Assert.InRange(dirty, second.Map.Layers.Count, clusters - 1);
        Assert.Equal(second.ClustersPut, dirty);
        // Each cluster that was summarised again holds what changed, directly or further down.
        int[] changed = [.. Enumerable.Range(0, second.Map.Entities.Count).Where(entity => second.Map.Entities[entity].Path == path)];
        HashSet<string> ancestors = [.. changed.SelectMany(entity => second.Map.PathOf(entity).Concat(first.Map.PathOf(entity))).Select(cluster => cluster.Id)];
        Assert.All(summarizer.Ids.Skip(clusters), id => Assert.Contains(id, ancestors));
        Assert.Equal(first.Map.Lineage.Numbers, second.Map.Lineage.Numbers);
    }

    [Fact]
    public async Task A_build_of_what_has_not_changed_changes_nothing()
    {
        var summarizer = new CountingSummarizer();
        StoredMapBuilder builder = Builder(new CodeMapOptions { Summarizer = summarizer });
        BuildReport first = await builder.BuildAsync(_folder.Root, "sample", Token);
        int calls = summarizer.Calls;
        BuildReport second = await builder.BuildAsync(_folder.Root, "sample", Token);

        Assert.Equal((0, 0, 0, 0), (second.FilesRead, second.EntitiesPut, second.EntitiesRemoved, second.ClustersPut));
        Assert.Equal(calls, summarizer.Calls);
        Assert.Equal(first.Map.Layers.SelectMany(layer => layer.Clusters).Select(Describe), second.Map.Layers.SelectMany(layer => layer.Clusters).Select(Describe));
    }

    [Fact]
    public async Task Files_that_come_and_go_are_followed_and_a_new_word_is_found()
    {
        StoredMapBuilder builder = Builder();
        BuildReport first = await builder.BuildAsync(_folder.Root, "sample", Token);
        string gone = first.Map.Entities[0].Path;
        File.Delete(Path.Combine(_folder.Root, gone));
        _folder.Write("Harbours/TideTable.cs", "namespace Sample.Harbours; class TideTable { int ForecastTide(int moon) => moon; }");

        BuildReport second = await builder.BuildAsync(_folder.Root, "sample", Token);
        using CodeMapSnapshot opened = (await CodeMapReader.OpenAsync(_store, "sample", null, Token))!;

        Assert.True(second.IsIncremental);
        Assert.DoesNotContain(opened.Entities, entity => entity.Path == gone);
        Assert.Equal("ForecastTide", opened.Query("forecast the tide", 1)[0].Entity.Name);
        Assert.All(opened.Lineage.Numbers.Where((_, i) => opened.Entities[i].Path == "Harbours/TideTable.cs"), number => Assert.True(number >= first.Map.Lineage.NextNumber));
        Assert.Equal(Enumerable.Range(0, opened.Entities.Count), opened.Layers[0].Clusters.SelectMany(cluster => cluster.Members).Order());
    }

    [Fact]
    public async Task Lines_that_move_are_followed_without_new_vectors_or_summaries()
    {
        var summarizer = new CountingSummarizer();
        StoredMapBuilder builder = Builder(new CodeMapOptions { Summarizer = summarizer });
        BuildReport first = await builder.BuildAsync(_folder.Root, "sample", Token);
        int calls = summarizer.Calls;
        string path = first.Map.Entities[0].Path;
        _folder.Write(path, "\n\n" + await File.ReadAllTextAsync(Path.Combine(_folder.Root, path), Token));
        BuildReport second = await builder.BuildAsync(_folder.Root, "sample", Token);

        Assert.Equal(first.Map.Entities[0].StartLine + 2, second.Map.Entities[0].StartLine);
        Assert.Equal((calls, 0), (summarizer.Calls, second.ClustersPut));
        Assert.Equal(0, second.Head.Drift);
    }

    [Fact]
    public async Task When_much_has_changed_the_map_is_built_from_nothing()
    {
        StoredMapBuilder builder = Builder();
        BuildReport first = await builder.BuildAsync(_folder.Root, "sample", Token);
        foreach (string file in first.Map.Entities.Select(entity => entity.Path).Distinct().Take(20))
            File.AppendAllText(Path.Combine(_folder.Root, file), $"class Added{Path.GetFileNameWithoutExtension(file)} {{ void A() {{ }} void B() {{ }} void C() {{ }} }}");

        BuildReport second = await builder.BuildAsync(_folder.Root, "sample", Token);

        Assert.False(second.IsIncremental);
        Assert.Equal((0, second.Map.Entities.Count), (second.Head.Drift, second.Head.Fitted));
        Assert.Equal(second.Map.Entities.Count, (await _store.ReadAsync("sample", Token))!.Entities.Count);
    }

    [Fact]
    public async Task The_functions_of_the_reference_build_layer_after_layer()
    {
        StoredMapBuilder builder = Builder();
        Assert.Contains("layer 0", (await Assert.ThrowsAsync<InvalidOperationException>(() => builder.BuildHierarchicalLayersAsync("sample", 0, 3, Token))).Message, StringComparison.Ordinal);

        BuildReport ground = await builder.BuildFirstLayerForRepoAsync(_folder.Root, "sample", Token);
        Assert.Empty(ground.Map.Layers);
        Assert.Equal(TerminationReason.NotBuilt, ground.Head.Termination.Reason);
        Assert.Equal([new LayerCount(0, 240)], await _store.LayersAsync("sample", Token));

        BuildReport one = await builder.BuildSecondLayerAsync("sample", 0, Token);
        Assert.Equal((1, TerminationReason.MaxDepth), (one.Map.Layers.Count, one.Head.Termination.Reason));
        BuildReport all = await builder.BuildHierarchicalLayersAsync("sample", 0, 3, Token);
        Assert.Equal([15, 4, 2], all.Map.Layers.Select(layer => layer.Clusters.Count));
        BuildReport twelve = await builder.BuildHierarchicalLayersAsync("sample", 12, 3, Token);
        Assert.Equal([12], twelve.Map.Layers.Select(layer => layer.Clusters.Count));
        Assert.Equal([new LayerCount(0, 240), new LayerCount(1, 12)], await _store.LayersAsync("sample", Token));
    }

    [Fact]
    public async Task All_repositories_of_a_store_are_mapped_together_under_ids_without_a_repository()
    {
        using var other = Topics.Folder(filesOfEach: 3);
        StoredMapBuilder builder = Builder();
        await Assert.ThrowsAsync<InvalidOperationException>(() => builder.BuildGlobalAsync(Token));
        await builder.BuildAsync(_folder.Root, "one", Token);
        await builder.BuildAsync(other.Root, "two", Token);
        BuildReport first = await builder.BuildFirstLayerAsync(Token);
        Assert.Empty(first.Map.Layers);
        BuildReport all = await builder.BuildGlobalAsync(Token);

        Assert.Equal(["one", "two"], all.Map.Repositories);
        ClusterRecord[] clusters = [.. await _store.ClustersAsync(MapHead.Global, 1, Token)];
        Assert.All(clusters, cluster => Assert.Equal($"hirag::layer1::{cluster.Number}", cluster.Id));
        Assert.Contains(clusters, cluster => cluster.MemberRepos.SequenceEqual(["one", "two"]));
        Assert.StartsWith("hirag::layer0::", clusters[0].Members[0], StringComparison.Ordinal);
        _folder.Write("New/Thing.cs", "class Thing { void Quarrel() { } }");
        await builder.BuildAsync(_folder.Root, "one", Token);
        BuildReport again = await builder.BuildGlobalAsync(Token);
        Assert.True(again.IsIncremental);
        Assert.Equal("Quarrel", again.Map.Query("quarrel", 1)[0].Entity.Name);
    }

    [Fact]
    public async Task The_log_says_what_the_reference_says()
    {
        var lines = new List<string>();
        await Builder(new CodeMapOptions { Log = lines.Add }).BuildAsync(_folder.Root, "sample", Token);

        Assert.Equal(["Building layer 1 from layer 0 clusters", "Layer 1 clustering complete, created 15 clusters", "Building layer 2 from layer 1 clusters"], lines.Take(3));
        Assert.StartsWith("Hierarchical clustering complete, built 3 layers total", lines[^1], StringComparison.Ordinal);
        Assert.Contains("layer 3 has 2 clusters, fewer than the 3", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mixture_puts_members_into_several_clusters_and_is_opened_again_so()
    {
        StoredMapBuilder builder = Builder(new CodeMapOptions { Method = ClusterMethod.Gmm });
        using CodeMapSnapshot built = (await builder.BuildAsync(_folder.Root, "sample", Token)).Map;
        using CodeMapSnapshot opened = (await CodeMapReader.OpenAsync(_store, "sample", null, Token))!;

        Assert.NotEmpty(built.Layers);
        Assert.Equal(Enumerable.Range(0, 240), built.Layers[0].Clusters.SelectMany(cluster => cluster.Members.Except(cluster.Shared)).Order());
        Assert.Equal(built.Layers.SelectMany(layer => layer.Clusters).Select(Describe), opened.Layers.SelectMany(layer => layer.Clusters).Select(Describe));
        Assert.Equal(Enumerable.Range(0, 240).Select(entity => built.PathOf(entity)[0].Id), Enumerable.Range(0, 240).Select(entity => opened.PathOf(entity)[0].Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Hardly_any_code_makes_a_small_map_that_grows(int entities)
    {
        using var small = new SourceFolder();
        small.Write("A.cs", string.Concat(Enumerable.Range(0, entities).Select(i => $"class C{i} {{ }}\n")));
        StoredMapBuilder builder = Builder();
        BuildReport first = await builder.BuildAsync(small.Root, "small", Token);
        using CodeMapSnapshot opened = (await CodeMapReader.OpenAsync(_store, "small", null, Token))!;

        Assert.Equal((entities, 0), (first.Map.Entities.Count, first.Map.Layers.Count));
        Assert.Equal(entities, opened.Entities.Count);
        Assert.Empty(opened.Retrieve("nothing of this").Entities);
        for (int i = 0; i < 30; i++)
            small.Write($"B{i}.cs", $"class Later{i} {{ void Does{i}() {{ }} }}");
        BuildReport second = await builder.BuildAsync(small.Root, "small", Token);
        Assert.Equal((entities + 60, true), (second.Map.Entities.Count, second.Map.Layers.Count > 0));
    }

    [Fact]
    public async Task Entities_that_are_all_the_same_make_a_valid_map()
    {
        using var same = new SourceFolder([.. Enumerable.Range(0, 40).Select(i => ($"F{i}/A.cs", "class A { }"))]);
        BuildReport report = await Builder(new CodeMapOptions { Embedder = new FixedEmbedder((_, row) => row[0] = 1) }).BuildAsync(same.Root, "same", Token);

        Assert.Equal(40, report.Map.Entities.Count);
        Assert.Equal([1], report.Map.Layers.Select(layer => layer.Clusters.Count));
    }

    [Fact]
    public async Task Vectors_of_zeros_make_a_map_without_layers()
    {
        BuildReport report = await Builder(new CodeMapOptions { Embedder = new FixedEmbedder((_, _) => { }) }).BuildAsync(_folder.Root, "zero", Token);

        Assert.Empty(report.Map.Layers);
        Assert.Equal(TerminationReason.NoValidClusters, report.Head.Termination.Reason);
    }

    [Fact]
    public async Task Vectors_that_are_no_numbers_are_refused_and_the_map_is_as_it_was()
    {
        await Builder().BuildAsync(_folder.Root, "sample", Token);
        StoredMapBuilder broken = Builder(new CodeMapOptions { Embedder = new FixedEmbedder((entity, row) => row[0] = entity == 7 ? float.NaN : 1) });

        Assert.Contains("NaN", (await Assert.ThrowsAsync<InvalidDataException>(() => broken.BuildAsync(_folder.Root, "sample", Token))).Message, StringComparison.Ordinal);
        Assert.Equal((1, "tokens"), ((await _store.HeadAsync("sample", Token))!.Generation, (await _store.HeadAsync("sample", Token))!.Embedder));
    }

    [Fact]
    public async Task Vectors_of_a_model_are_kept_and_asked_of_it_only_for_what_changed()
    {
        var embedder = new FixedEmbedder((entity, row) => row[entity % row.Length] = 1);
        StoredMapBuilder builder = Builder(new CodeMapOptions { Embedder = embedder });
        BuildReport first = await builder.BuildAsync(_folder.Root, "sample", Token);
        Assert.Equal(240, embedder.Embedded);
        _folder.Write("New.cs", "class New { }");
        BuildReport second = await builder.BuildAsync(_folder.Root, "sample", Token);
        Assert.True(second.IsIncremental);
        Assert.Equal(241, embedder.Embedded);
        await builder.BuildGlobalAsync(Token);
        Assert.Equal(241, embedder.Embedded);

        using CodeMapSnapshot opened = (await CodeMapReader.OpenAsync(_store, "sample", embedder, Token))!;
        Assert.True(second.Map.Vectors.Span.SequenceEqual(opened.Vectors.Span));
        Assert.NotEmpty(opened.Query("anything", 3));
        using CodeMapSnapshot without = (await CodeMapReader.OpenAsync(_store, "sample", null, Token))!;
        Assert.Contains("fixed", Assert.ThrowsAny<Exception>(() => without.Query("anything")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_dies_in_the_middle_of_a_build_leaves_the_last_good_generation()
    {
        await Builder().BuildAsync(_folder.Root, "sample", Token);
        _folder.Write("New.cs", "class New { }");
        var dying = new StoredMapBuilder(new DyingStore(_store));

        Assert.Contains("gone", (await Assert.ThrowsAsync<IOException>(() => dying.BuildAsync(_folder.Root, "sample", Token))).Message, StringComparison.Ordinal);
        using CodeMapSnapshot opened = (await CodeMapReader.OpenAsync(_store, "sample", null, Token))!;
        Assert.Equal(240, opened.Entities.Count);
        Assert.NotEmpty(opened.Query("invoice", 1));
    }

    [Fact]
    public async Task A_build_with_an_older_token_is_refused()
    {
        await new StoredMapBuilder(_store, new StoredMapOptions { Token = 5, Commit = "abc" }).BuildAsync(_folder.Root, "sample", Token);

        await Assert.ThrowsAsync<StaleBuildException>(() => new StoredMapBuilder(_store, new StoredMapOptions { Token = 4 }).BuildAsync(_folder.Root, "sample", Token));
        Assert.Equal((5, "abc"), ((await _store.HeadAsync("sample", Token))!.Token, (await _store.HeadAsync("sample", Token))!.Commit));
    }

    public void Dispose() => _folder.Dispose();

    private StoredMapBuilder Builder(CodeMapOptions? options = null) => new(_store, new StoredMapOptions { Map = options ?? CodeMapOptions.Default });

    private static string Describe(CodeEntity entity) =>
        $"{entity.Id} {entity.StartLine}-{entity.EndLine} {entity.ContentHash} {entity.Kind} {entity.Documentation} {entity.Source}";

    private static string Describe(CodeCluster cluster) =>
        $"{cluster.Id} {cluster.StableLabel} {cluster.Label} {cluster.Summary} {cluster.Size} {cluster.Parent} {cluster.Hash} {string.Join(',', cluster.Members)} {string.Join(',', cluster.Shared)} {string.Join(',', cluster.Centroid.ToArray())}";
}
