namespace Tessera.Cli.Kv;

/// <summary>One way of attention over all texts.</summary>
/// <param name="Mode">dense, certified, budgeted, incremental, quantized or topk.</param>
/// <param name="Budget">Share of the keys that was allowed; null where there is no limit.</param>
/// <param name="Perplexity">Perplexity of the texts.</param>
/// <param name="Kl">Mean divergence of the next token's distribution from the dense one, in nats.</param>
/// <param name="Agreement">Share of places with the same likeliest token.</param>
/// <param name="CandidateShare">Keys and means that were scored, as a share of those that dense attention scores.</param>
internal sealed record KvEvalRow(string Mode, double? Budget, double Perplexity, double Kl, double Agreement, double CandidateShare);
