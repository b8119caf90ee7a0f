namespace Tessera.Cli.Demo;

/// <summary>A search by colour.</summary>
internal sealed record ColorsDemoQuery(string Query, IReadOnlyList<ColorsDemoAnswer> Answers, double Milliseconds);
