namespace Tessera.Cli.Index;

/// <summary>What <c>index eval</c> prints.</summary>
internal sealed record EvalResult(int K, int Queries, IReadOnlyList<EvalRow> Rows);
