namespace Tessera.Benchmarks.Compare;

/// <summary>What a library made of a request.</summary>
internal sealed record Reply
{
    /// <summary>Time of one pass.</summary>
    public double Seconds { get; init; }

    /// <summary>Size of a file, where that was asked for.</summary>
    public long Bytes { get; init; }

    /// <summary>Centroids, row after row, of k-means; the matrix of a rotation; the codebooks of a residual quantiser.</summary>
    public float[] Centroids { get; init; } = [];

    /// <summary>What a library found of its own result, where all say it alike: the mean log-likelihood of a mixture.</summary>
    public double Value { get; init; }

    /// <summary>Ids that a search found, row after row; the clusters of vectors.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>What is compared: less is better.</summary>
    public double Cost => Bytes > 0 ? Bytes : Seconds;
}
