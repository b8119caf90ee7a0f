namespace Tessera.Cli.Music;

/// <summary>What <c>music tokenize</c> prints.</summary>
internal sealed record TokenizeResult(int Files, int Bars, long Tokens, int Genres, IReadOnlyList<string> LeftOut);
