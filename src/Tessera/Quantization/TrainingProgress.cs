namespace Tessera.Quantization;

/// <summary>How far a long training or adding has come.</summary>
/// <param name="Stage">What is being done, for a person ("coarse centroids", "codebooks", "adding").</param>
/// <param name="Done">Steps done in this stage.</param>
/// <param name="Total">Steps of this stage.</param>
public readonly record struct TrainingProgress(string Stage, long Done, long Total);
