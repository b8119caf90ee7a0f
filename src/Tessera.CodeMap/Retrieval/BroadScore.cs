namespace Tessera.CodeMap.Retrieval;

/// <summary>How well one mode answered broad questions.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Questions">Questions asked.</param>
/// <param name="First">Questions whose first folder was right.</param>
/// <param name="Found">Questions of which one of the first <see cref="BroadEvaluation.Depth"/> folders was right.</param>
/// <param name="MeanReciprocalRank">Mean of 1 / rank of the first right folder among these.</param>
public sealed record BroadScore(RetrievalMode Mode, int Questions, int First, int Found, double MeanReciprocalRank);
