namespace Tessera.Clustering;

/// <summary>How k-means chooses its first centroids.</summary>
public enum KMeansInit
{
    /// <summary>k-means++ (Arthur and Vassilvitskii, 2007): each next centroid is a point drawn in proportion to its squared distance to the nearest one chosen.</summary>
    PlusPlus,

    /// <summary>Distinct points drawn uniformly.</summary>
    Random,
}
