namespace Tessera.Server.Music;

/// <summary>Patterns, best first.</summary>
internal sealed record RetrieveAnswer(IReadOnlyList<RetrievedPattern> Results, double Milliseconds);
