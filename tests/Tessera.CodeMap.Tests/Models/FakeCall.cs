namespace Tessera.CodeMap.Tests.Models;

/// <summary>What a <see cref="FakeEndpoint"/> was asked.</summary>
internal sealed record FakeCall(string Path, string Body, string? Authorization);
