using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Tessera.CodeMap.Models;

/// <summary>A language model behind OpenAI's <c>/v1/chat/completions</c>. Knows text alone: no tools, no images. Any number of threads may call it.</summary>
public sealed class OpenAIChatClient : IChatClient
{
    private readonly ModelClient _client;
    private readonly ChatClientMetadata _metadata;

    // Servers that do not know response_format refuse it; the prompt asks for JSON all the same.
    private volatile bool _refusesFormat;

    /// <param name="endpoint">Where it answers.</param>
    /// <exception cref="ArgumentException">A setting of the endpoint is out of its range.</exception>
    public OpenAIChatClient(ModelEndpoint endpoint)
    {
        _client = new ModelClient(endpoint, "chat/completions");
        _metadata = new ChatClientMetadata("openai", endpoint.Url, endpoint.Model);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The endpoint fails or answers nothing.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = new Wire.ChatRequest(options?.ModelId ?? _client.Endpoint.Model, [.. messages.Select(message => new Wire.ChatLine(message.Role.Value, message.Text))])
        {
            ResponseFormat = options?.ResponseFormat is ChatResponseFormatJson && !_refusesFormat ? new Wire.ChatFormat("json_object") : null,
            Temperature = options?.Temperature,
            MaxTokens = options?.MaxOutputTokens,
        };
        Wire.ChatAnswer answer;
        try
        {
            answer = await PostAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelException refusal) when (request.ResponseFormat is not null && refusal.Message.Contains("response_format", StringComparison.Ordinal))
        {
            _refusesFormat = true;
            answer = await PostAsync(request with { ResponseFormat = null }, cancellationToken).ConfigureAwait(false);
        }

        string text = answer.Choices is [{ Message.Content: { } content }, ..] ? content
            : throw new ModelException($"{_client.Endpoint} answered without a message.");
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
        {
            ResponseId = answer.Id,
            ModelId = answer.Model,
            Usage = answer.Usage is null ? null : new UsageDetails
            {
                InputTokenCount = answer.Usage.PromptTokens,
                OutputTokenCount = answer.Usage.CompletionTokens,
                TotalTokenCount = answer.Usage.TotalTokens,
            },
        };
    }

    /// <inheritdoc/>
    /// <remarks>The whole answer comes as one update.</remarks>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatResponse response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (ChatResponseUpdate update in response.ToChatResponseUpdates())
            yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<Wire.ChatAnswer> PostAsync(Wire.ChatRequest request, CancellationToken cancellationToken) =>
        _client.PostAsync(request, ModelJson.Default.ChatRequest, ModelJson.Default.ChatAnswer, cancellationToken);
}
