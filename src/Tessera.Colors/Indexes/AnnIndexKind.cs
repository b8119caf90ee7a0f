namespace Tessera.Colors.Indexes;

/// <summary>What stands behind an <see cref="AnnIndex"/>.</summary>
public enum AnnIndexKind
{
    /// <summary>An inverted file of product codes: 8 bytes an image. Must be trained.</summary>
    IvfPq,

    /// <summary>A graph over whole vectors, 4,608 bytes an image and its links: finds more of what is nearest, and needs no training.</summary>
    Hnsw,

    /// <summary>A graph as long as the collection is small (<see cref="ColorConfig.GraphUpTo"/>); then its vectors train an inverted file of codes and move into it.</summary>
    Hybrid,
}
