namespace Tessera.Benchmarks.Compare;

/// <summary>One line of a table: Tessera beside one peer.</summary>
internal sealed record Row(string Work, string Tessera, string Peer, string Theirs, string Ratio);
