namespace Tessera.CodeMap.Retrieval;

/// <summary>Which way a question takes through the map.</summary>
public enum RetrievalMode
{
    /// <summary>Entities by their vectors and by the words that they share with the question, fused. The default: for most questions the best.</summary>
    Hybrid,

    /// <summary>Entities by their vectors alone.</summary>
    Local,

    /// <summary>Entities by the words that they share with the question alone (BM25).</summary>
    Words,

    /// <summary>Clusters from the top layer down, and what stands for each: for broad questions, such as where something lives.</summary>
    Global,

    /// <summary>What leads from one of the clusters that the question is about to another: calls, creations and base types across them.</summary>
    Bridge,
}
