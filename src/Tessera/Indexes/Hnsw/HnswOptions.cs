namespace Tessera.Indexes;

/// <summary>Shape of an <see cref="HnswIndex"/>.</summary>
public sealed record HnswOptions
{
    /// <summary>Neighbours M of a node in the upper layers, twice that in the ground layer; 2 to 256 (default 16).</summary>
    public int Neighbors { get; init; } = 16;

    /// <summary>Length of the beam that finds a new vector's neighbours, at least M (default 200). More gives a better graph and takes longer.</summary>
    public int EfConstruction { get; init; } = 200;

    /// <summary>Length of the beam of a search unless it says otherwise, at least 1 (default 64). A search for k answers uses at least k.</summary>
    public int EfSearch { get; init; } = 64;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message says what would be right.</exception>
    public void Validate()
    {
        Require(Neighbors is >= 2 and <= 256, nameof(Neighbors), Neighbors, "Neighbors (M) must be between 2 and 256.");
        Require(EfConstruction >= Neighbors && EfConstruction <= 1 << 16, nameof(EfConstruction), EfConstruction, $"EfConstruction must be between Neighbors, {Neighbors}, and 65536.");
        Require(EfSearch is >= 1 and <= VectorIndex.MaxK, nameof(EfSearch), EfSearch, $"EfSearch must be between 1 and {VectorIndex.MaxK}.");
    }

    private static void Require(bool holds, string name, int value, string message)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, message);
    }
}
