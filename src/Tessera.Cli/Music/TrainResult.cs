namespace Tessera.Cli.Music;

/// <summary>What <c>music train</c> prints.</summary>
internal sealed record TrainResult(int Pieces, long Tokens, int Vocabulary, int Order, int Contexts, IReadOnlyList<double> FusionWeights, double Seconds);
