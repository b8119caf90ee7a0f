using Microsoft.Extensions.AI;

namespace Tessera.CodeMap.Models;

/// <summary>An embedding model behind OpenAI's <c>/v1/embeddings</c>. Any number of threads may call it.</summary>
public sealed class OpenAIEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly ModelClient _client;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <param name="endpoint">Where it answers.</param>
    /// <exception cref="ArgumentException">A setting of the endpoint is out of its range.</exception>
    public OpenAIEmbeddingGenerator(ModelEndpoint endpoint)
    {
        _client = new ModelClient(endpoint, "embeddings");
        _metadata = new EmbeddingGeneratorMetadata("openai", endpoint.Url, endpoint.Model);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The endpoint fails, or does not answer with one vector for each text.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        var request = new Wire.EmbeddingRequest(options?.ModelId ?? _client.Endpoint.Model, texts);
        Wire.EmbeddingAnswer answer = await _client.PostAsync(
            request, ModelJson.Default.EmbeddingRequest, ModelJson.Default.EmbeddingAnswer, cancellationToken).ConfigureAwait(false);
        var vectors = new Embedding<float>[texts.Length];
        foreach (Wire.EmbeddingRow row in answer.Data ?? [])
        {
            if (row.Index >= 0 && row.Index < vectors.Length && row.Embedding is { Length: > 0 } vector)
                vectors[row.Index] = new Embedding<float>(vector);
        }

        int missing = vectors.Count(vector => vector is null);
        if (missing > 0)
            throw new ModelException($"{_client.Endpoint} gave no vector for {missing} of {texts.Length} texts.");
        return new GeneratedEmbeddings<Embedding<float>>(vectors)
        {
            Usage = answer.Usage is null ? null : new UsageDetails { InputTokenCount = answer.Usage.PromptTokens, TotalTokenCount = answer.Usage.TotalTokens },
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
