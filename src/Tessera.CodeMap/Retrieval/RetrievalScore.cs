namespace Tessera.CodeMap.Retrieval;

/// <summary>How well one mode found what it was asked for.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Questions">Questions asked.</param>
/// <param name="Recall">Share of them whose answer was among the first <see cref="RetrievalEvaluation.Depth"/>.</param>
/// <param name="MeanReciprocalRank">Mean of 1 / rank of the answer, 0 where it was not among them.</param>
public sealed record RetrievalScore(RetrievalMode Mode, int Questions, double Recall, double MeanReciprocalRank);
