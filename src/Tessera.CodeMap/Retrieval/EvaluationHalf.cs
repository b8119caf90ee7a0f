namespace Tessera.CodeMap.Retrieval;

/// <summary>Which of the questions of <see cref="RetrievalEvaluation"/> are asked. The halves follow from the entities' ids, so that they stay the same.</summary>
public enum EvaluationHalf
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those by which weights may be chosen.</summary>
    Tuning,

    /// <summary>Those by which nothing was chosen.</summary>
    HeldOut,
}
