namespace Tessera.Cli.Kv;

/// <summary>What <c>kv eval</c> prints.</summary>
internal sealed record KvEvalResult(string Model, int Texts, int Tokens, IReadOnlyList<KvEvalRow> Rows);
