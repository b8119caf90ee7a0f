using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Retrieval;

/// <summary>A mention that leads from one cluster to another.</summary>
/// <param name="From">The entity that mentions.</param>
/// <param name="To">The entity that is mentioned.</param>
/// <param name="FromCluster">The cluster of layer 1 of the first.</param>
/// <param name="ToCluster">The cluster of layer 1 of the second.</param>
/// <param name="Common">The lowest cluster that both lie in; null where only the whole map holds both.</param>
/// <param name="Score">How near both are to the question, times how sure the mention is.</param>
public sealed record CodeBridge(CodeEntity From, CodeEntity To, CodeCluster FromCluster, CodeCluster ToCluster, CodeCluster? Common, float Score);
