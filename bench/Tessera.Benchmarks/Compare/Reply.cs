namespace Tessera.Benchmarks.Compare;

/// <summary>What a library made of a request.</summary>
internal sealed record Reply
{
    /// <summary>Time of one pass.</summary>
    public double Seconds { get; init; }

    /// <summary>Size of a file, where that was asked for.</summary>
    public long Bytes { get; init; }

    /// <summary>Centroids, row after row, of k-means.</summary>
    public float[] Centroids { get; init; } = [];

    /// <summary>Ids that a search found, row after row.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>What is compared: less is better.</summary>
    public double Cost => Bytes > 0 ? Bytes : Seconds;
}
