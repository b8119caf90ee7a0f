using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Storage;
using Tessera.CodeMap.Summaries;
using Tessera.CodeMap.Tests.Models;

namespace Tessera.CodeMap.Tests.Summaries;

/// <summary>After an edit models are asked for what has changed and what lies above it, and for nothing else.</summary>
public sealed class PaidOnceTests : IAsyncDisposable
{
    private readonly FakeEndpoint _server = new(dimension: 48);
    private readonly SourceFolder _folder = Topics.Folder(filesOfEach: 24);
    private readonly InMemoryCodeMapStore _store = new();
    private readonly OpenAIEmbeddingGenerator _generator;
    private readonly OpenAIChatClient _client;

    public PaidOnceTests()
    {
        _generator = new OpenAIEmbeddingGenerator(_server.Endpoint());
        _client = new OpenAIChatClient(_server.Endpoint() with { Attempts = 1 });
    }

    [Fact]
    public async Task An_edit_of_one_method_is_paid_for_by_its_clusters_from_the_bottom_to_the_top()
    {
        CodeMapSnapshot before = await BuildAsync();
        Assert.Equal(before.Layers.Sum(layer => layer.Clusters.Count), Calls("chat"));
        int chats = Calls("chat"), embeddings = Calls("embeddings");
        string file = Directory.EnumerateFiles(_folder.Root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.WriteAllText(file, File.ReadAllText(file).Replace("return ", "return 1 + ", StringComparison.Ordinal));

        CodeMapSnapshot after = await BuildAsync();

        HashSet<string> known = [.. before.Layers.SelectMany(layer => layer.Clusters).Select(cluster => cluster.Hash)];
        CodeCluster[] changed = [.. after.Layers.SelectMany(layer => layer.Clusters).Where(cluster => !known.Contains(cluster.Hash))];
        Assert.Equal(changed.Length, Calls("chat") - chats);
        Assert.InRange(changed.Length, after.Layers.Count, after.Layers.Sum(layer => layer.Clusters.Count) / 2);
        Assert.All(changed.Where(cluster => cluster.Parent is not null), cluster =>
            Assert.Contains(after.Layers[cluster.Layer].Clusters[cluster.Parent!.Value], changed));
        Assert.Equal(1, Calls("embeddings") - embeddings);
    }

    [Fact]
    public async Task Nothing_new_is_paid_for_by_nobody_even_without_a_cache()
    {
        await BuildAsync();
        int calls = _server.Calls.Count;
        await BuildAsync();
        Assert.Equal(calls, _server.Calls.Count);
    }

    [Fact]
    public async Task A_build_whose_model_fails_leaves_the_generation_before()
    {
        CodeMapSnapshot before = await BuildAsync();
        _folder.Write("More.cs", "class More { void EvenMore() { } }");
        _server.Always = _ => new FakeAnswer(400, "no such model");

        await Assert.ThrowsAsync<ModelException>(BuildAsync);

        Assert.Equal(1, (await _store.HeadAsync("sample"))!.Generation);
        _server.Always = null;
        using CodeMapSnapshot still = (await CodeMapReader.OpenAsync(_store, "sample", Embedder()))!;
        Assert.Equal(before.Entities.Count, still.Entities.Count);
        Assert.NotEmpty(still.Retrieve("invoice of a customer").Entities);
    }

    [Fact]
    public async Task Summaries_that_a_failing_model_owes_are_asked_for_by_the_next_build()
    {
        _server.Always = call => call.Path.Contains("chat", StringComparison.Ordinal) ? new FakeAnswer(503, "out of order") : null;
        await BuildAsync();
        _server.Always = null;
        int chats = Calls("chat");
        CodeMapSnapshot after = await BuildAsync();
        Assert.All(after.Layers.SelectMany(layer => layer.Clusters), cluster => Assert.Equal("What the fake says", cluster.Label));
        Assert.Equal(after.Layers.Sum(layer => layer.Clusters.Count), Calls("chat") - chats);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _generator.Dispose();
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private ModelEmbedder Embedder() => new(_generator, options: new EmbeddingOptions { BatchSize = 1000 });

    /// <summary>Each build has caches of its own: only the store knows what was before.</summary>
    private async Task<CodeMapSnapshot> BuildAsync() => (await new StoredMapBuilder(_store, new StoredMapOptions
    {
        Map = new CodeMapOptions { Embedder = Embedder(), Summarizer = new ModelSummarizer(_client) },
    }).BuildAsync(_folder.Root, "sample")).Map;

    private int Calls(string kind) => _server.Calls.Count(call => call.Path.Contains(kind, StringComparison.Ordinal));
}
