namespace Tessera.Attention.Llama;

/// <summary>How a model does over some texts with one way of attention, against dense attention.</summary>
/// <param name="Texts">Texts.</param>
/// <param name="Tokens">Tokens that were predicted.</param>
/// <param name="Perplexity">e to the mean negative logarithm of the true next token's probability.</param>
/// <param name="Divergence">Mean Kullback-Leibler divergence of the next token's distribution from the dense one, in nats.</param>
/// <param name="Agreement">Share of the places at which the likeliest token is the same.</param>
/// <param name="CandidateShare">Keys and means scored, as a share of what dense attention scores.</param>
public sealed record LlamaScore(int Texts, int Tokens, double Perplexity, double Divergence, double Agreement, double CandidateShare);
