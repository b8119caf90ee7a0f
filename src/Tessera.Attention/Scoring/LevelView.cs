using Tessera.Attention.Trees;

namespace Tessera.Attention.Scoring;

/// <summary>One level of one segment's tree among the arrays of a call.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Level">The level, 0 for clusters of keys.</param>
/// <param name="Offset">Where its clusters begin in arrays of one number a cluster.</param>
/// <param name="Slots">Its clusters, rounded up to what kernels read and write.</param>
internal readonly record struct LevelView(Segment Segment, int Level, int Offset, int Slots)
{
    public ClusterLevel Clusters => Segment.Levels[Level];
}
