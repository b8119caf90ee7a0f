namespace Tessera.Cli.Music;

/// <summary>A pattern that was retrieved.</summary>
internal sealed record RetrievedPattern(double Score, double Similarity, double Weight, string Parent, string? Child, string Source, int Bar, string Tokens);
