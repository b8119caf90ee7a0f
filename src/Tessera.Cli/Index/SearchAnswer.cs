namespace Tessera.Cli.Index;

/// <summary>One answer as <c>index search</c> prints it.</summary>
internal readonly record struct SearchAnswer(long Id, float Distance);
