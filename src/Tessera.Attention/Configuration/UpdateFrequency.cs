namespace Tessera.Attention.Configuration;

/// <summary>When keys that have left the window go into the tree. In dictionaries and JSON: <c>always</c>, <c>every_n</c>, <c>threshold</c>.</summary>
public enum UpdateFrequency
{
    /// <summary>At every update.</summary>
    Always,

    /// <summary>Whenever <see cref="KMeansIndexConfig.UpdateInterval"/> keys have gathered.</summary>
    EveryN,

    /// <summary>Whenever the keys that have gathered are <see cref="KMeansIndexConfig.UpdateThreshold"/> of those in the tree.</summary>
    Threshold,
}
