using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>Assigns vectors to centroids with an eye on the sizes; remembers what they cost from one iteration to the next.</summary>
internal abstract class SizedAssigner
{
    /// <summary>Writes the cluster of every vector, and the squared distance to its centroid.</summary>
    /// <param name="centroids">All centroids.</param>
    /// <param name="assignments">Room for the clusters.</param>
    /// <param name="distances">Room for the distances.</param>
    /// <param name="last">Whether the sizes must be as the options want them, whatever it takes.</param>
    /// <param name="cancellationToken">Stops between blocks and moves.</param>
    /// <returns>Whether the sizes are as the options want them.</returns>
    public abstract bool Assign(Matrix centroids, int[] assignments, float[] distances, bool last, CancellationToken cancellationToken);
}
