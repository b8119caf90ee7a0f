namespace Tessera.CodeMap;

/// <summary>Where the time of a build went.</summary>
/// <param name="Reading">Listing, parsing and tokenising files.</param>
/// <param name="Embedding">Inverse document frequencies and vectors.</param>
/// <param name="Clustering">All layers.</param>
/// <param name="Naming">Labels and summaries.</param>
/// <param name="Indexing">The index that queries search; nothing where it is made by the first query.</param>
public readonly record struct CodeMapTimings(TimeSpan Reading, TimeSpan Embedding, TimeSpan Clustering, TimeSpan Naming, TimeSpan Indexing)
{
    /// <summary>All of it.</summary>
    public TimeSpan Total => Reading + Embedding + Clustering + Naming + Indexing;
}
