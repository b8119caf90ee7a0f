namespace Tessera.Cli.Code;

/// <summary>What leads from one cluster to another.</summary>
internal sealed record CodeBridgeRow(CodeEntityRow From, CodeEntityRow To, CodeClusterRow FromCluster, CodeClusterRow ToCluster, CodeClusterRow? Common, double Score);
