namespace Tessera.Quantization;

/// <summary>What training an index used and what its user should know about it.</summary>
/// <param name="Vectors">Vectors that were used; a larger sample is drawn from.</param>
/// <param name="Warnings">Sentences for a person, such as that the training set is too small and what number would be enough; empty when all is well.</param>
public sealed record TrainingReport(int Vectors, IReadOnlyList<string> Warnings);
