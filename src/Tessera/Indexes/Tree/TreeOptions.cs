namespace Tessera.Indexes;

/// <summary>Shape of a <see cref="TreeIndex"/>.</summary>
public sealed record TreeOptions
{
    private const int MostLeaves = 1 << 24;
    private const int MostChildren = 1 << 16;

    /// <summary>Levels of clusters below the root, 1 to 24 (default 2).</summary>
    public int Levels { get; init; } = 2;

    /// <summary>Clusters that a cluster is divided into, 2 to 65536 (default 32). A cluster with few training vectors is divided into fewer, or stays a leaf.</summary>
    public int Branching { get; init; } = 32;

    /// <summary>Leaves that a search visits unless it says otherwise, at least 1 (default 16).</summary>
    public int Beam { get; init; } = 16;

    /// <summary>Leaves of a tree that is divided everywhere: <see cref="Branching"/> to the power of <see cref="Levels"/>.</summary>
    internal long MaxLeaves
    {
        get
        {
            long leaves = 1;
            for (int level = 0; level < Levels && leaves <= MostLeaves; level++)
                leaves *= Branching;
            return leaves;
        }
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message says what would be right.</exception>
    public void Validate()
    {
        Require(Levels is >= 1 and <= 24, nameof(Levels), Levels, "Levels must be between 1 and 24.");
        Require(Branching is >= 2 and <= MostChildren, nameof(Branching), Branching, $"Branching must be between 2 and {MostChildren}.");
        Require(MaxLeaves <= MostLeaves, nameof(Levels), Levels, $"{Levels} levels of branching {Branching} make more than {MostLeaves} leaves; use fewer levels or less branching.");
        Require(Beam >= 1, nameof(Beam), Beam, "Beam must be at least 1.");
    }

    private static void Require(bool holds, string name, int value, string message)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, message);
    }
}
