namespace Tessera.Attention.Configuration;

/// <summary>How an incremental index finds the cluster of a new key. In dictionaries and JSON: <c>nearest_centroid</c>.</summary>
public enum AssignmentMethod
{
    /// <summary>The cluster whose mean is nearest by L2.</summary>
    NearestCentroid,
}
