namespace Tessera.Server.Code;

/// <summary>What a question to a code map answers.</summary>
internal sealed record CodeQueryAnswer(
    string Mode, string Map, double Milliseconds, IReadOnlyList<EntityEntry> Entities, IReadOnlyList<ClusterEntry> Clusters, IReadOnlyList<BridgeEntry> Bridges);
