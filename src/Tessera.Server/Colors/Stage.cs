namespace Tessera.Server.Colors;

/// <summary>A part of a search, and what it took.</summary>
internal readonly record struct Stage(string Name, double Milliseconds);
