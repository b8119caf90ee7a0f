using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Models;
using Tessera.Vectors;

namespace Tessera.CodeMap.Summaries;

/// <summary>Goes up the layers and has every cluster summarised: of entities first, then of what was said of them.</summary>
internal static class LayerSummarizer
{
    /// <summary>Members that a summary is written from: those nearest to the centroid.</summary>
    public const int Snippets = 20;

    /// <summary>Clusters that are summarised at one time.</summary>
    private const int AtOnce = 4;

    /// <summary>Summarises all clusters.</summary>
    /// <param name="entities">Layer 0.</param>
    /// <param name="vectorsOf">The matrix of their vectors, of length 1, in which some rows are wanted.</param>
    /// <param name="layers">The layers above, from layer 1.</param>
    /// <param name="summarizer">Writes each summary.</param>
    /// <param name="known">What is known of a layer's clusters from before, by their hashes: these are not summarised again. Null for nothing.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops between clusters.</param>
    /// <returns>The layers, with summaries and the labels that belong to these.</returns>
    public static async Task<CodeLayer[]> SummarizeAsync(
        IReadOnlyList<CodeEntity> entities, Func<IEnumerable<int>, Matrix> vectorsOf, IReadOnlyList<CodeLayer> layers, IClusterSummarizer summarizer,
        IReadOnlyDictionary<(int Layer, string Hash), CodeCluster>? known = null, IProgress<CodeMapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var summaries = new ClusterSummary[layers.Count][];
        SummarySource wanted = summarizer is ExtractiveSummarizer ? SummarySource.Extract : SummarySource.Model;
        var hashesOfLayers = new string[layers.Count][];
        string[] hashesBelow = [.. entities.Select(entity => entity.ContentHash)];
        int done = 0, total = layers.Sum(layer => layer.Clusters.Count);
        for (int i = 0; i < layers.Count; i++)
        {
            IReadOnlyList<CodeCluster> clusters = layers[i].Clusters, below = i == 0 ? [] : layers[i - 1].Clusters;
            ClusterSummary[] said = i == 0 ? [] : summaries[i - 1], saying = summaries[i] = new ClusterSummary[clusters.Count];
            string[] hashes = hashesBelow;
            string[][] memberHashes = [.. clusters.Select(cluster => cluster.Members.Select(member => hashes[member]).Order(StringComparer.Ordinal).ToArray())];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, clusters.Count, parallel, async (number, token) =>
            {
                CodeCluster cluster = clusters[number];
                if (known is not null && known.TryGetValue((cluster.Layer, ModelKey.Of(memberHashes[number])), out CodeCluster? same))
                {
                    saying[number] = new ClusterSummary(same.Label, same.Summary, wanted);
                    return;
                }

                Matrix? vectors = below.Count == 0 ? vectorsOf(cluster.Members) : null;
                IEnumerable<int> central = Nearest(cluster, member => vectors is not null ? Product.Of(vectors[member], cluster.Centroid.Span) : Product.Of(below[member].Centroid.Span, cluster.Centroid.Span));
                saying[number] = await summarizer.SummarizeAsync(
                    new ClusterContent
                    {
                        Id = cluster.Id,
                        Layer = cluster.Layer,
                        Words = cluster.Words,
                        Size = cluster.Size,
                        Folder = FolderOf(cluster, layers, entities),
                        Snippets = [.. central.Select(member => below.Count == 0 ? SnippetOf(entities[member]) : new ClusterSnippet(said[member].Label, "", said[member].Text))],
                        MemberHashes = memberHashes[number],
                    },
                    token).ConfigureAwait(false);
                progress?.Report(new CodeMapProgress("summarising", Interlocked.Increment(ref done), total));
            }).ConfigureAwait(false);
            hashesBelow = hashesOfLayers[i] = [.. memberHashes.Select(ModelKey.Of)];
        }

        // What had to do without the model is asked for again by the next build: without a hash nothing is taken for known.
        return [.. layers.Select((layer, i) => new CodeLayer(layer.Number, [.. layer.Clusters.Select((cluster, number) =>
            cluster.With(summaries[i][number], summaries[i][number].Source == wanted ? hashesOfLayers[i][number] : ""))]))];
    }

    private static ClusterSnippet SnippetOf(CodeEntity entity) => new(entity.DisplayName, entity.Documentation, entity.Source.ToString());

    private static int[] Nearest(CodeCluster cluster, Func<int, float> nearness) =>
        [.. cluster.Members.OrderByDescending(nearness).ThenBy(member => member).Take(Snippets)];

    /// <summary>The folder of most of its entities.</summary>
    private static string FolderOf(CodeCluster cluster, IReadOnlyList<CodeLayer> layers, IReadOnlyList<CodeEntity> entities)
    {
        IEnumerable<int> members = cluster.Members;
        for (int layer = cluster.Layer - 1; layer > 0; layer--)
        {
            IReadOnlyList<CodeCluster> clusters = layers[layer - 1].Clusters;
            members = members.SelectMany(member => clusters[member].Members);
        }

        return members
            .Select(member => entities[member].Path)
            .GroupBy(path => path[..Math.Max(0, path.LastIndexOf('/'))], StringComparer.Ordinal)
            .OrderByDescending(folder => folder.Count())
            .ThenBy(folder => folder.Key, StringComparer.Ordinal)
            .First().Key;
    }
}
