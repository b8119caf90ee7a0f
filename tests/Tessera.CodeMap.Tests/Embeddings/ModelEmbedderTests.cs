using Microsoft.Extensions.AI;
using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Models;
using Tessera.CodeMap.Tests.Models;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Embeddings;

public sealed class ModelEmbedderTests : IDisposable
{
    private readonly FakeEndpoint _server = new();

    [Fact]
    public async Task Entities_are_embedded_in_batches_to_rows_of_length_1()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        var embedder = new ModelEmbedder(generator, options: new EmbeddingOptions { BatchSize = 4 });
        Matrix vectors = await embedder.EmbedAsync(Entities(10));
        Assert.Equal((10, 32), (vectors.Rows, vectors.Dimension));
        Assert.All(Enumerable.Range(0, 10), row => Assert.Equal(1, Length(vectors[row]), 5));
        Assert.Equal((3, 10), (embedder.Calls, embedder.Embedded));
        Assert.All(_server.Calls, call => Assert.Equal("/v1/embeddings", call.Path));
    }

    [Fact]
    public async Task Only_what_has_changed_is_embedded_again()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        using var cache = new InMemoryModelCache();
        CodeEntity[] entities = Entities(100);
        Matrix before = await new ModelEmbedder(generator, cache).EmbedAsync(entities);
        var again = new ModelEmbedder(generator, cache);
        entities[17] = Entity(17, "return changed;");
        Matrix after = await again.EmbedAsync(entities);
        Assert.Equal((1, 1), (again.Calls, again.Embedded));
        Assert.Equal([17], Enumerable.Range(0, 100).Where(row => !before[row].SequenceEqual(after[row])));
    }

    [Fact]
    public async Task Models_do_not_share_vectors()
    {
        using var cache = new InMemoryModelCache();
        using OpenAIEmbeddingGenerator one = Generator("one"), other = Generator("other");
        await new ModelEmbedder(one, cache).EmbedAsync(Entities(3));
        var embedder = new ModelEmbedder(other, cache);
        await embedder.EmbedAsync(Entities(3));
        Assert.Equal(3, embedder.Embedded);
    }

    [Fact]
    public async Task What_was_embedded_before_a_failure_is_not_paid_again()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        using var cache = new InMemoryModelCache();
        var options = new EmbeddingOptions { BatchSize = 5, Calls = 1 };
        int calls = 0;
        _server.Always = _ => Interlocked.Increment(ref calls) > 2 ? new FakeAnswer(400, "no more") : null;
        await Assert.ThrowsAsync<ModelException>(() => new ModelEmbedder(generator, cache, options).EmbedAsync(Entities(20)));
        _server.Always = null;
        var again = new ModelEmbedder(generator, cache, options);
        await again.EmbedAsync(Entities(20));
        Assert.Equal(10, again.Embedded);
    }

    [Theory]
    [InlineData("[0,0,0]", "zeros")]
    [InlineData("[1,1e39,0]", "finite")]
    [InlineData("[]", "no vector")]
    [InlineData("[1,NaN,0]", "interface")]
    [InlineData("null", "no vector")]
    public async Task A_vector_that_is_none_is_a_clear_error(string vector, string says)
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        _server.Plan(FakeEndpoint.Gives("[1,2,3]", vector));
        ModelException problem = await Assert.ThrowsAsync<ModelException>(() => new ModelEmbedder(generator).EmbedAsync(Entities(2)));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_of_different_dimensions_are_a_clear_error()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        _server.Plan(FakeEndpoint.Gives("[1,2,3]", "[1,2]"));
        ModelException problem = await Assert.ThrowsAsync<ModelException>(() => new ModelEmbedder(generator).EmbedAsync(Entities(2)));
        Assert.Contains("gave 2 numbers", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vector_too_few_is_a_clear_error()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        _server.Plan(FakeEndpoint.Gives("[1,2,3]"));
        await Assert.ThrowsAsync<ModelException>(() => new ModelEmbedder(generator).EmbedAsync(Entities(2)));
    }

    [Fact]
    public async Task No_entities_need_no_call()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        Assert.Equal(0, (await new ModelEmbedder(generator).EmbedAsync(Array.Empty<CodeEntity>())).Rows);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task Long_sources_are_cut_between_letters()
    {
        using OpenAIEmbeddingGenerator generator = Generator();
        string source = string.Concat(Enumerable.Repeat("🧩", 200));
        await new ModelEmbedder(generator, options: new EmbeddingOptions { Letters = 100 }).EmbedAsync([Entity(0, source), Entity(1, " " + source)]);
        Assert.DoesNotContain("FFFD", _server.Calls[0].Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Any_generator_serves()
    {
        using var generator = new Constant();
        Matrix vectors = await new ModelEmbedder(generator).EmbedAsync(Entities(3));
        Assert.Equal([0.6f, 0.8f], vectors[2].ToArray());
    }

    public void Dispose() => _server.Dispose();

    private OpenAIEmbeddingGenerator Generator(string model = "fake") => new(_server.Endpoint(model));

    private static CodeEntity[] Entities(int count) => [.. Enumerable.Range(0, count).Select(number => Entity(number, $"return {number};"))];

    private static CodeEntity Entity(int number, string source) => new EntityFactory(null, $"src/File{number}.cs").Make("", EntityKind.Method, $"Method{number}", 1, 1, "", source.AsMemory());

    private static double Length(ReadOnlySpan<float> vector)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += value * value;
        return Math.Sqrt(squares);
    }

    private sealed class Constant : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[] { 3, 4 }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
