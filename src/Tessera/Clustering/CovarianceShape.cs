namespace Tessera.Clustering;

/// <summary>What the components of a <see cref="GaussianMixture"/> may look like.</summary>
public enum CovarianceShape
{
    /// <summary>Each component has a variance for each dimension: d numbers; for many dimensions or few vectors.</summary>
    Diagonal,

    /// <summary>Each component has a covariance matrix: d (d + 1) / 2 numbers, which take many vectors to learn.</summary>
    Full,
}
