using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Retrieval;
using Tessera.CodeMap.Summaries;
using Tessera.CodeMap.Tests.Models;

namespace Tessera.CodeMap.Tests;

/// <summary>Maps built with models, which a server of the test's own plays.</summary>
public sealed class ModelMapTests : IDisposable
{
    private readonly FakeEndpoint _server = new(dimension: 48);
    private readonly SourceFolder _folder = Topics.Folder(filesOfEach: 6);
    private readonly InMemoryModelCache _cache = new();
    private readonly OpenAIEmbeddingGenerator _generator;
    private readonly OpenAIChatClient _client;

    public ModelMapTests()
    {
        _generator = new OpenAIEmbeddingGenerator(_server.Endpoint());
        _client = new OpenAIChatClient(_server.Endpoint() with { Attempts = 1 });
    }

    [Fact]
    public void A_model_gives_entities_and_questions_their_vectors()
    {
        using CodeMapSnapshot map = _folder.Build(new CodeMapOptions { Embedder = new ModelEmbedder(_generator, _cache) });
        Assert.Equal(48, map.Vectors.Dimension);
        Assert.NotEmpty(map.Layers);
        var first = map.Entities[7];
        foreach (RetrievalMode mode in (RetrievalMode[])[RetrievalMode.Local, RetrievalMode.Hybrid])
        {
            CodeAnswer best = map.Retrieve(first.Source.ToString(), new RetrievalOptions { Mode = mode }).Entities[0];
            Assert.Equal(first.Id, best.Entity.Id);
        }

        Assert.Empty(map.Retrieve("  ").Entities);
    }

    [Fact]
    public void A_second_build_asks_no_model_anything()
    {
        using CodeMapSnapshot map = Build(out _);
        int calls = _server.Calls.Count;
        Assert.True(calls > 0);
        using CodeMapSnapshot again = Build(out ModelSummarizer summarizer);
        Assert.Equal(calls, _server.Calls.Count);
        Assert.Equal(again.Layers.Sum(layer => layer.Clusters.Count), summarizer.Ledger.Report.Cached);
        Assert.Equal(map.Layers[0].Clusters[0].Summary, again.Layers[0].Clusters[0].Summary);
    }

    [Fact]
    public void A_model_writes_labels_and_summaries_of_all_layers()
    {
        using CodeMapSnapshot map = Build(out ModelSummarizer summarizer);
        Assert.All(map.Layers.SelectMany(layer => layer.Clusters), cluster =>
            Assert.Equal(("What the fake says", "A cluster. It was described by a fake."), (cluster.Label, cluster.Summary)));
        Assert.Equal(map.Layers.Sum(layer => layer.Clusters.Count), summarizer.Ledger.Report.Calls);
    }

    [Fact]
    public void A_language_model_that_is_out_of_order_leaves_a_map_with_extracts()
    {
        _server.Always = call => call.Path.Contains("chat", StringComparison.Ordinal) ? new FakeAnswer(503, "out of order") : null;
        using CodeMapSnapshot map = Build(out ModelSummarizer summarizer);
        Assert.All(map.Layers.SelectMany(layer => layer.Clusters), cluster => Assert.NotEmpty(cluster.Summary));
        Assert.Contains("out of order", summarizer.LastFailure, StringComparison.Ordinal);
        Assert.True(_server.Calls.Count(call => call.Path.Contains("chat", StringComparison.Ordinal)) < map.Layers[0].Clusters.Count);
    }

    [Fact]
    public void An_embedding_model_that_is_out_of_order_is_a_clear_error()
    {
        _server.Always = _ => new FakeAnswer(400, "no such model");
        Assert.Contains("no such model", Assert.Throws<ModelException>(() => Build(out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_model_summaries_are_extracts_that_name_what_is_central_and_what_is_said_of_it()
    {
        using CodeMapSnapshot map = _folder.Build();
        foreach (CodeCluster cluster in map.Layers[0].Clusters)
        {
            Assert.StartsWith($"{cluster.Size} ", cluster.Summary, StringComparison.Ordinal);
            Assert.Contains($"Central: {map.Examples(cluster, 1)[0].DisplayName}", cluster.Summary, StringComparison.Ordinal);
            Assert.Matches(@"\b(Handles the|A) \w+", cluster.Summary);
        }

        using CodeMapSnapshot again = _folder.Build();
        Assert.Equal(map.Layers.SelectMany(layer => layer.Clusters).Select(cluster => cluster.Summary), again.Layers.SelectMany(layer => layer.Clusters).Select(cluster => cluster.Summary));
    }

    [Fact]
    public void The_log_says_what_the_reference_tells_people_to_look_for()
    {
        var log = new List<string>();
        using CodeMapSnapshot map = _folder.Build(new CodeMapOptions { Log = log.Add });
        var expected = new List<string>();
        for (int layer = 1; layer <= map.Layers.Count; layer++)
        {
            expected.Add($"Building layer {layer} from layer {layer - 1} clusters");
            expected.Add($"Layer {layer} clustering complete, created {map.Layers[layer - 1].Clusters.Count} clusters");
        }

        Assert.Equal(expected, log[..^1]);
        Assert.Equal($"Hierarchical clustering complete, built {map.Layers.Count} layers total: {map.Termination.Explanation}", log[^1]);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
        _cache.Dispose();
    }

    private CodeMapSnapshot Build(out ModelSummarizer summarizer)
    {
        summarizer = new ModelSummarizer(_client, _cache);
        return _folder.Build(new CodeMapOptions { Embedder = new ModelEmbedder(_generator, _cache), Summarizer = summarizer });
    }
}
