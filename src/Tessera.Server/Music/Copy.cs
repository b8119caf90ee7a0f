namespace Tessera.Server.Music;

/// <summary>The longest span that stands in a piece of the packs too.</summary>
internal sealed record Copy(int Length, string? Source, int Bar);
