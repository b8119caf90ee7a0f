namespace Tessera.Server.Music;

/// <summary>A pattern that is like what was asked for.</summary>
internal sealed record RetrievedPattern(
    float Score, string Source, int Bar, string Parent, string? Child, string Tokens, double Tempo, string Meter, double Seconds, IReadOnlyList<MusicNote> Notes);
