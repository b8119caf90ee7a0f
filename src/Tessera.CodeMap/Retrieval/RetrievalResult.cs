namespace Tessera.CodeMap.Retrieval;

/// <summary>What the map answers to a question.</summary>
/// <param name="Mode">The way that the question took.</param>
/// <param name="Entities">Entities, best first.</param>
/// <param name="Clusters">Clusters, best first; of the global and bridge modes only.</param>
/// <param name="Bridges">What leads from one of the clusters to another, best first; of the bridge mode only.</param>
/// <param name="Folders">Folders that the question is about, best first; of the global mode only.</param>
public sealed record RetrievalResult(
    RetrievalMode Mode,
    IReadOnlyList<CodeAnswer> Entities,
    IReadOnlyList<ClusterAnswer> Clusters,
    IReadOnlyList<CodeBridge> Bridges,
    IReadOnlyList<FolderAnswer> Folders);
