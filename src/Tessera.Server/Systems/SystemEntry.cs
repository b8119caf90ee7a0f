namespace Tessera.Server.Systems;

/// <summary>One system in <c>/api/systems</c>.</summary>
internal sealed record SystemEntry(string Kind, string Name, string Title, string State, IReadOnlyDictionary<string, long> Counts, string? Error);
