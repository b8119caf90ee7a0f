namespace Tessera.Music.Retrieval;

/// <summary>A genre as a fusion sees it: its contexts, and how much they count.</summary>
internal sealed record GenreSource(GenreIndex Index, ContextIndex Contexts, float Weight);
