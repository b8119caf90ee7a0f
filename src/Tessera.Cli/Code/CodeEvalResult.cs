namespace Tessera.Cli.Code;

/// <summary>What <c>code eval</c> prints.</summary>
internal sealed record CodeEvalResult(string Path, int Files, int Entities, int Questions, IReadOnlyList<CodeEvalRow> Rows);
