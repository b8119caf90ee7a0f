namespace Tessera.Server.Indexes;

/// <summary>A search of an index.</summary>
/// <param name="Vector">As many numbers as the index has dimensions.</param>
/// <param name="K">Answers, 1 to 1000 (default 10).</param>
/// <param name="Probes">Lists to visit; left out for the index's own setting.</param>
/// <param name="Beam">Length of the beam of a graph, or leaves of a tree; left out for the index's own setting.</param>
/// <param name="Tag">Answers must bear it.</param>
internal sealed record IndexQuery(float[]? Vector, int? K, int? Probes, int? Beam, string? Tag);
