namespace Tessera.Cli.Music;

/// <summary>What <c>music retrieve</c> prints.</summary>
internal sealed record RetrieveResult(IReadOnlyList<RetrievedPattern> Patterns);
