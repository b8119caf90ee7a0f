namespace Tessera.Cli.Code;

/// <summary>What <c>code query</c> prints.</summary>
internal sealed record CodeQueryResult(
    string Query,
    string Mode,
    IReadOnlyList<CodeEntityRow> Entities,
    IReadOnlyList<CodeClusterRow> Clusters,
    IReadOnlyList<CodeBridgeRow> Bridges,
    IReadOnlyList<CodeFolderRow> Folders);
