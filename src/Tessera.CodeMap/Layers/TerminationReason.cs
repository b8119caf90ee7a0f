namespace Tessera.CodeMap.Layers;

/// <summary>Why no further layer was built.</summary>
public enum TerminationReason
{
    /// <summary>The last layer has fewer items than <see cref="CodeMapOptions.MinClusters"/>.</summary>
    TooFewClusters,

    /// <summary>Clustering the last layer would leave almost as many clusters as it has items.</summary>
    NoReduction,

    /// <summary>As many layers as <see cref="CodeMapOptions.MaxDepth"/> allows were built.</summary>
    MaxDepth,

    /// <summary>The members of the last layer's clusters are as alike as <see cref="CodeMapOptions.Cohesion"/> asks for.</summary>
    Cohesion,

    /// <summary>The layers have not been built yet.</summary>
    NotBuilt,

    /// <summary>The last layer has nothing with a direction: no items, or only zero vectors.</summary>
    NoValidClusters,
}
