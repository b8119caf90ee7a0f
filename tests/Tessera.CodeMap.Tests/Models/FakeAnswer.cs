namespace Tessera.CodeMap.Tests.Models;

/// <summary>What a <see cref="FakeEndpoint"/> answers.</summary>
internal sealed record FakeAnswer(int Status, string Body)
{
    /// <summary>How long it takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The header of that name.</summary>
    public string? RetryAfter { get; init; }
}
