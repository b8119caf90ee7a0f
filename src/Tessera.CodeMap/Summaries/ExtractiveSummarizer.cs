using System.Text;
using Tessera.CodeMap.Retrieval;

namespace Tessera.CodeMap.Summaries;

/// <summary>Puts summaries together from the code's own words: what tells the cluster from its siblings, its central members, and the first sentences above these. Always the same for the same cluster; needs no model.</summary>
public sealed class ExtractiveSummarizer : IClusterSummarizer
{
    private const int Names = 5;
    private const int Sentences = 3;
    private const int LongestSentence = 200;

    /// <summary>One for all.</summary>
    public static ExtractiveSummarizer Instance { get; } = new();

    /// <inheritdoc/>
    public Task<ClusterSummary> SummarizeAsync(ClusterContent content, CancellationToken cancellationToken) => Task.FromResult(Summarize(content));

    internal static ClusterSummary Summarize(ClusterContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string label = string.Join(", ", content.Words);
        var text = new StringBuilder();
        string members = content.Layer == 1 ? "" : $" in {content.MemberHashes.Count} clusters";
        string folder = content.Folder.Length == 0 ? "" : $", most of them in {content.Folder}";
        text.Append($"{content.Size} {(content.Size == 1 ? "entity" : "entities")}{members}{folder}.");
        string[] names = [.. content.Snippets.Select(snippet => snippet.Name).Distinct(StringComparer.Ordinal).Take(Names)];
        if (names.Length > 0)
            text.Append($" Central: {string.Join(content.Layer == 1 ? ", " : "; ", names)}.");
        foreach (string sentence in content.Snippets.Select(snippet => SentenceOf(snippet, content.Layer)).Where(sentence => sentence.Length > 0).Distinct(StringComparer.Ordinal).Take(Sentences))
            text.Append(' ').Append(sentence);
        return new ClusterSummary(label, text.ToString(), SummarySource.Extract);
    }

    /// <summary>The first sentence of an entity's comment; of a cluster below what its own summary quotes first.</summary>
    private static string SentenceOf(ClusterSnippet snippet, int layer)
    {
        string sentence = layer == 1 ? RetrievalEvaluation.FirstSentence(snippet.Documentation) : Quoted(snippet.Text);
        if (sentence.Length == 0)
            return "";
        if (sentence.Length > LongestSentence)
        {
            // Addresses and tables may have no blank for a long way.
            int blank = sentence.LastIndexOf(' ', LongestSentence - 1, LongestSentence / 2);
            sentence = sentence[..(blank < 0 ? LongestSentence : blank)] + " ...";
        }

        return sentence[^1] is '.' or '!' or '?' ? sentence : sentence + ".";
    }

    private static string Quoted(string summary)
    {
        const string Before = "Central: ";
        int central = summary.IndexOf(Before, StringComparison.Ordinal);
        if (central < 0)
            return RetrievalEvaluation.FirstSentence(summary);
        int end = summary.IndexOf(". ", central, StringComparison.Ordinal);
        return end < 0 ? "" : RetrievalEvaluation.FirstSentence(summary[(end + 2)..]);
    }
}
