using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Retrieval;

/// <summary>A cluster that answers a question.</summary>
/// <param name="Cluster">The cluster, of layer 1.</param>
/// <param name="Score">What its entities say for it together: the sum of the fourth powers of their scores beside the best, by the root of their number.</param>
/// <param name="Path">The clusters that it lies in, from the top layer down, itself last.</param>
/// <param name="Folder">The folder that most of its entities lie in, relative to the map's root; empty for the root.</param>
public sealed record ClusterAnswer(CodeCluster Cluster, float Score, IReadOnlyList<CodeCluster> Path, string Folder);
