using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Lloyd's k-means.</summary>
public static class KMeans
{
    /// <summary>Clusters the rows of <paramref name="vectors"/>.</summary>
    public static KMeansResult Fit(Matrix vectors, KMeansOptions options, IProgress<KMeansIteration>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
