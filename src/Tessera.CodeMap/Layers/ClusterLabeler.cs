using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>
/// Names clusters by the words that tell them from their siblings: class-based tf-idf (Grootendorst, BERTopic, 2022), with
/// the cluster as the class and its parent as the collection.
/// </summary>
internal sealed class ClusterLabeler(
    Glossary glossary, HashedTextEmbedder embedder, IReadOnlyList<WeightedToken[]> tokens)
{
    private const int WordsInLabel = 3;

    // Siblings whose first words are the same take further ones, up to these.
    private const int MostWords = 6;

    // A word that fewer of the members hold describes a few of them, not the cluster.
    private const double LeastCoverage = 0.2;

    // Keeps a word that no sibling has from beating all others by an endless ratio.
    private const double Smoothing = 1e-3;

    /// <summary>The telling words of every cluster of every layer.</summary>
    public string[][][] Label(IReadOnlyList<RawCluster[]> layers, CancellationToken cancellationToken)
    {
        var words = new string[layers.Count][][];
        TermProfile[] profiles = [];
        var profilesOfLayers = new List<TermProfile[]>();
        for (int layer = 0; layer < layers.Count; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TermProfile[] below = profiles;
            profiles = [.. layers[layer].Select(cluster => layer == 0 ? OfEntities(cluster) : OfClusters(cluster, below))];
            profilesOfLayers.Add(profiles);
            words[layer] = new string[profiles.Length][];
        }

        if (layers.Count == 0)
            return words;
        NameSiblings(Enumerable.Range(0, profiles.Length), profiles, words[^1]);
        for (int layer = layers.Count - 2; layer >= 0; layer--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (RawCluster parent in layers[layer + 1])
                NameSiblings(parent.Own, profilesOfLayers[layer], words[layer]);
        }

        return words;
    }

    private TermProfile OfEntities(RawCluster cluster)
    {
        var profile = new TermProfile();
        foreach (int entity in cluster.Members)
        {
            // The coordinates that the embedder would hash, without its collisions.
            double squares = 0;
            foreach (WeightedToken token in tokens[entity])
                squares += token.Weight * embedder.Idf(token.Hash);
            profile.AddMember();
            foreach (WeightedToken token in tokens[entity])
                profile.AddTerm(token.Hash, (float)Math.Sqrt(token.Weight * embedder.Idf(token.Hash) / squares));
        }

        return profile;
    }

    private static TermProfile OfClusters(RawCluster cluster, TermProfile[] below)
    {
        var profile = new TermProfile();
        foreach (int member in cluster.Members)
            profile.Add(below[member]);
        return profile;
    }

    private void NameSiblings(IEnumerable<int> siblings, TermProfile[] profiles, string[][] words)
    {
        int[] bySize = [.. siblings.OrderByDescending(number => profiles[number].Members).ThenBy(number => number)];
        var all = new TermProfile();
        foreach (int number in bySize)
            all.Add(profiles[number]);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (int number in bySize)
            words[number] = Distinct(Telling(profiles[number], all), taken);
    }

    // The first words that no sibling has as a whole; a number where the words run out.
    private static string[] Distinct(List<string> telling, HashSet<string> taken)
    {
        for (int count = Math.Min(WordsInLabel, telling.Count); count <= telling.Count; count++)
        {
            string[] words = [.. telling.Take(count)];
            if (words.Length > 0 && taken.Add(string.Join(' ', words.Order(StringComparer.OrdinalIgnoreCase))))
                return words;
        }

        for (int number = 2; ; number++)
        {
            string[] words = [.. telling.Take(WordsInLabel), $"#{number}"];
            if (taken.Add(string.Join(' ', words)))
                return words;
        }
    }

    private List<string> Telling(TermProfile cluster, TermProfile all)
    {
        List<Token> candidates = Candidates(cluster, all);
        Token[] pairs = [.. candidates.Where(token => token.IsPair)];
        var words = new List<string>();
        var used = new HashSet<ulong>();
        foreach (Token candidate in candidates)
        {
            if (words.Count == MostWords)
                break;
            Compound word = Compound.Around(candidate, pairs, cluster, glossary);
            if (word.Parts.Any(used.Contains))
                continue;
            used.UnionWith(word.Parts);
            words.Add(word.Text);
        }

        return words;
    }

    // By the word's share in the cluster, times how much larger that is than its share in the siblings.
    private List<Token> Candidates(TermProfile cluster, TermProfile all)
    {
        var scored = new List<(double Score, ulong Token)>();
        foreach (var (token, share) in cluster.Terms)
        {
            if (share.Members < LeastCoverage * cluster.Members)
                continue;
            double inside = share.Weight / (double)cluster.Members;
            double outside = (all[token].Weight - share.Weight) / (double)Math.Max(1, all.Members - cluster.Members);
            scored.Add((inside * Math.Log((inside + Smoothing) / (outside + Smoothing)), token));
        }

        return [.. scored.OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Token).Select(entry => glossary[entry.Token])];
    }
}
