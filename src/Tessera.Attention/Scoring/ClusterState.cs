namespace Tessera.Attention.Scoring;

/// <summary>What has become of a cluster in a call.</summary>
internal enum ClusterState : byte
{
    /// <summary>A cluster above it is closed.</summary>
    Unreached,

    /// <summary>Scored by its mean, which stands for its keys.</summary>
    Closed,

    /// <summary>Chosen to be opened.</summary>
    Chosen,

    /// <summary>Its children or keys have been scored in its place.</summary>
    Opened,
}
