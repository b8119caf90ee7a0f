namespace Tessera.CodeMap.Models;

/// <summary>What goes over the wire, as OpenAI's interface has it.</summary>
internal static class Wire
{
    internal sealed record EmbeddingRequest(string Model, IReadOnlyList<string> Input);

    internal sealed record EmbeddingAnswer(IReadOnlyList<EmbeddingRow>? Data, TokenUsage? Usage);

    internal sealed record EmbeddingRow(int Index, float[]? Embedding);

    internal sealed record ChatRequest(string Model, IReadOnlyList<ChatLine> Messages)
    {
        public ChatFormat? ResponseFormat { get; init; }

        public float? Temperature { get; init; }

        public int? MaxTokens { get; init; }
    }

    internal sealed record ChatLine(string Role, string? Content);

    internal sealed record ChatFormat(string Type);

    internal sealed record ChatAnswer(string? Id, string? Model, IReadOnlyList<ChatChoice>? Choices, TokenUsage? Usage);

    internal sealed record ChatChoice(ChatLine? Message, string? FinishReason);

    internal sealed record TokenUsage(long? PromptTokens, long? CompletionTokens, long? TotalTokens);
}
