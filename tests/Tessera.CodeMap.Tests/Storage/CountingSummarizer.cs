using System.Collections.Concurrent;
using Tessera.CodeMap.Summaries;

namespace Tessera.CodeMap.Tests.Storage;

/// <summary>Counts what it is asked to summarise.</summary>
internal sealed class CountingSummarizer : IClusterSummarizer
{
    public ConcurrentQueue<string> Ids { get; } = new();

    public int Calls => Ids.Count;

    public Task<ClusterSummary> SummarizeAsync(ClusterContent content, CancellationToken cancellationToken)
    {
        Ids.Enqueue(content.Id);
        return Task.FromResult(new ClusterSummary(string.Join(", ", content.Words), $"About {content.Size}.", SummarySource.Model));
    }
}
