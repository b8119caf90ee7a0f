namespace Tessera.SemanticIds;

/// <summary>What one pass over the vectors came to.</summary>
/// <param name="Epoch">From 1; 0 is the state before training, measured where training begins from RQ-KMeans.</param>
/// <param name="Loss">Mean loss of the batches: reconstruction and quantisation.</param>
/// <param name="HeldOutError">Mean squared distance between the held-out vectors and what their codes decode to: the smallest decides which epoch is kept.</param>
/// <param name="Collisions">Share of the held-out vectors' codes that another one has: 1 - unique / all.</param>
/// <param name="Revived">Codes that were unused and got the latent of a vector.</param>
public sealed record RQVAEEpoch(int Epoch, double Loss, double HeldOutError, double Collisions, int Revived);
