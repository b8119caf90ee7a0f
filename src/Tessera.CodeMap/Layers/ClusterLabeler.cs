using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Layers;

/// <summary>
/// Names clusters by the words that tell them from their siblings: class-based tf-idf (Grootendorst, BERTopic, 2022), with
/// the cluster as the class and its parent as the collection.
/// </summary>
internal sealed class ClusterLabeler(
    IReadOnlyDictionary<ulong, Token> lexicon, HashedTextEmbedder embedder, IReadOnlyList<WeightedToken[]> tokens)
{
    private const int WordsInLabel = 3;

    // A word that fewer of the members hold describes a few of them, not the cluster.
    private const double LeastCoverage = 0.2;

    /// <summary>The telling words of every cluster of every layer.</summary>
    public string[][][] Label(List<RawCluster[]> layers, CancellationToken cancellationToken)
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
                NameSiblings(parent.Members, profilesOfLayers[layer], words[layer]);
        }

        return words;
    }

    private TermProfile OfEntities(RawCluster cluster)
    {
        var profile = new TermProfile();
        foreach (int entity in cluster.Members)
        {
            double squares = 0;
            foreach (WeightedToken token in tokens[entity])
                squares += Square(token.Weight * (double)embedder.Idf(token.Hash) * embedder.Idf(token.Hash), token.Weight);
            profile.AddMember();
            foreach (WeightedToken token in tokens[entity])
                profile.AddTerm(token.Hash, (float)(Math.Sqrt(token.Weight) * embedder.Idf(token.Hash) / Math.Sqrt(squares)));
        }

        return profile;

        static double Square(double value, double _) => value;
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
            words[number] = Distinct([.. Telling(profiles[number], all)], taken);
    }

    // The first words that no sibling has as a whole; a number where the words run out.
    private static string[] Distinct(string[] telling, HashSet<string> taken)
    {
        for (int count = Math.Min(WordsInLabel, telling.Length); count <= telling.Length; count++)
        {
            string[] words = telling[..count];
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

    private IEnumerable<string> Telling(TermProfile cluster, TermProfile all)
    {
        var scored = new List<(double Score, ulong Token)>();
        foreach (var (token, share) in cluster.Terms)
        {
            if (share.Members < LeastCoverage * cluster.Members)
                continue;
            double inside = share.Weight / (double)cluster.Members;
            double outside = (all[token].Weight - share.Weight) / (double)Math.Max(1, all.Members - cluster.Members);
            scored.Add((inside * Math.Log((inside + 1e-3) / (outside + 1e-3)), token));
        }

        scored.Sort((left, right) => right.Score != left.Score ? right.Score.CompareTo(left.Score) : left.Token.CompareTo(right.Token));
        var used = new HashSet<ulong>();
        int given = 0;
        foreach (var (_, token) in scored)
        {
            if (given >= 2 * WordsInLabel)
                yield break;
            Token word = lexicon[token];
            if (!used.Add(token))
                continue;
            if (word.IsPair)
            {
                if (used.Contains(word.Left) || used.Contains(word.Right))
                    continue;
                used.Add(word.Left);
                used.Add(word.Right);
            }

            given++;
            yield return word.Surface;
        }
    }
}
