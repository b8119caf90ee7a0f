namespace Tessera.Server.Indexes;

/// <summary>The nearest vectors, nearest first.</summary>
internal sealed record IndexAnswer(IReadOnlyList<IndexHit> Results, double Milliseconds);
