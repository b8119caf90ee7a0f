namespace Tessera.Cli.Code;

/// <summary>What <c>code eval --broad</c> prints.</summary>
internal sealed record CodeBroadResult(string Path, int Files, int Entities, int Questions, IReadOnlyList<CodeBroadRow> Rows);
