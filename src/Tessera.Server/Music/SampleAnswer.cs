namespace Tessera.Server.Music;

/// <summary>Music that was generated.</summary>
internal sealed record SampleAnswer(
    string Parent, string? Child, long Seed, double Tempo, string Meter, double Seconds, int Bars, IReadOnlyList<MusicNote> Notes,
    string Tokens, string MidiBase64, Copy LongestCopy, double Milliseconds);
