namespace Tessera.Cli.Code;

/// <summary>What <c>code tree</c> prints.</summary>
internal sealed record CodeTreeResult(string Repo, int Files, int Entities, IReadOnlyList<CodeClusterRow> Clusters);
