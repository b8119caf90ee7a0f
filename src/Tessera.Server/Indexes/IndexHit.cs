namespace Tessera.Server.Indexes;

/// <summary>A vector that was found.</summary>
internal readonly record struct IndexHit(long Id, float Distance);
