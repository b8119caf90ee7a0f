namespace Tessera.Attention.Trees;

/// <summary>What is known of a cluster besides its mean key and mean value.</summary>
internal struct ClusterNode
{
    /// <summary>Its first key among the segment's rows, where it is a cluster of keys.</summary>
    public int Start;

    /// <summary>Keys in it and below it.</summary>
    public int Count;

    /// <summary>Rows that it may grow to, where it is a cluster of keys.</summary>
    public int Capacity;

    /// <summary>Its first child on the level below, where it is a cluster of clusters.</summary>
    public int FirstChild;

    /// <summary>Children on the level below.</summary>
    public int Children;

    /// <summary>Children that it may grow to.</summary>
    public int ChildCapacity;

    /// <summary>The largest distance of a key from the mean.</summary>
    public float Radius;

    /// <summary>An upper bound of the variance of the keys along any direction.</summary>
    public float Variance;

    /// <summary>The largest distance of a value from the mean value.</summary>
    public float ValueRadius;

    /// <summary>Length of the mean value.</summary>
    public float ValueNorm;
}
