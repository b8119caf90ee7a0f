namespace Tessera.CodeMap.Summaries;

/// <summary>Writes summaries of clusters. Any number of threads may use one.</summary>
public interface IClusterSummarizer
{
    /// <summary>Writes the summary of one cluster.</summary>
    /// <param name="content">What is in it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ClusterSummary> SummarizeAsync(ClusterContent content, CancellationToken cancellationToken);
}
