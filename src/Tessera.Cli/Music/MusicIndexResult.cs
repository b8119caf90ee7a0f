namespace Tessera.Cli.Music;

/// <summary>What <c>music index</c> prints.</summary>
internal sealed record MusicIndexResult(int Patterns, IReadOnlyList<GenreCount> Genres, string Embedding, int Dimension, double Seconds, IReadOnlyList<string> LeftOut);
