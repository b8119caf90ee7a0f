namespace Tessera.Cli.Music;

/// <summary>The patterns of a genre.</summary>
internal sealed record GenreCount(string Parent, string? Child, int Patterns);
