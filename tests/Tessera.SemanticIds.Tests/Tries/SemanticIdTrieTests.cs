using Tessera.SemanticIds.Tries;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests.Tries;

public sealed class SemanticIdTrieTests
{
    // Few codes and several lengths, so that all cases meet.
    private static readonly KeyValuePair<string, int[]>[] Items = Make();
    private static readonly SemanticIdTrie Trie = new(Items);

    public static TheoryData<int[]> Prefixes() =>
        [.. ((int[][])[[], [0], [2], [3], [9], [0, 1], [2, 2], [1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0, 0]]).Select(prefix => new TheoryDataRow<int[]>(prefix))];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void The_items_under_a_prefix_are_those_that_begin_with_it(int[] prefix)
    {
        string[] expected = [.. Items.Where(item => item.Value.AsSpan().StartsWith(prefix)).Select(item => item.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, Trie.Under(prefix).Select(found => found.Item).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length, Trie.CountUnder(prefix));
        Assert.Equal(Math.Min(2, expected.Length), Trie.Under(prefix, 2).Count);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void The_codes_that_may_come_next_are_those_of_the_items_under_the_prefix(int[] prefix)
    {
        int[] expected = [.. Items.Where(item => item.Value.AsSpan().StartsWith(prefix) && item.Value.Length > prefix.Length)
            .Select(item => item.Value[prefix.Length]).Distinct().Order()];
        Assert.Equal(expected, Trie.NextCodes(prefix));
        var mask = new bool[3];
        mask.AsSpan().Fill(true);
        Assert.Equal(expected.Count(code => code < 3), Trie.Mask(prefix, mask));
        Assert.Equal(expected.Where(code => code < 3), Enumerable.Range(0, 3).Where(code => mask[code]));
        Assert.Equal(Items.Any(item => item.Value.SequenceEqual(prefix)), Trie.Contains(prefix));
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Neighbors_come_by_the_length_of_the_common_prefix(int[] codes)
    {
        IReadOnlyList<PrefixNeighbor> all = Trie.Neighbors(codes, Items.Length + 5);
        Assert.Equal(Items.Length, all.Count);
        Assert.Equal(Items.Length, all.Select(neighbor => neighbor.Item).Distinct().Count());
        Assert.All(all, neighbor => Assert.Equal(codes.AsSpan().CommonPrefixLength(neighbor.Codes.Span), neighbor.CommonPrefix));
        Assert.Equal(all.Select(neighbor => neighbor.CommonPrefix).OrderDescending(), all.Select(neighbor => neighbor.CommonPrefix));
        Assert.Equal(all.Take(7).Select(neighbor => neighbor.Item), Trie.Neighbors(codes, 7).Select(neighbor => neighbor.Item));
    }

    [Fact]
    public void A_decoder_that_follows_the_mask_writes_nothing_but_ids_that_exist()
    {
        var random = new SeededRandom(5);
        for (int run = 0; run < 200; run++)
        {
            var codes = new List<int>();
            while (!Trie.Contains(codes.ToArray()))
            {
                int[] next = Trie.NextCodes(codes.ToArray());
                codes.Add(next[random.Next(next.Length)]);
            }

            Assert.Contains(Items, item => item.Value.SequenceEqual(codes));
        }
    }

    [Fact]
    public void Ids_of_a_store_become_a_trie_in_which_a_suffix_is_one_more_code()
    {
        using var store = new InMemoryCollisionStore();
        new UniqueIdResolver(store).Resolve(["1-2", "1-2", "1-3"], ["a", "b", "c"]);
        SemanticIdTrie trie = SemanticIdTrie.Of(store.Assignments());
        Assert.Equal(["a", "b"], trie.Under([1, 2]).Select(found => found.Item));
        Assert.Equal([2, 3], trie.NextCodes([1]));
        Assert.Equal([1], trie.NextCodes([1, 2]));
    }

    [Fact]
    public void What_cannot_be_sorted_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new SemanticIdTrie([KeyValuePair.Create("a", Array.Empty<int>())]));
        Assert.Throws<ArgumentException>(() => new SemanticIdTrie(new SemanticCodes(new int[4], 2), ["one"]));
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => SemanticIdTrie.Of([new IdAssignment("a", "x")])).Message, StringComparison.Ordinal);
    }

    private static KeyValuePair<string, int[]>[] Make()
    {
        var random = new SeededRandom(3);
        var items = new KeyValuePair<string, int[]>[300];
        for (int i = 0; i < items.Length; i++)
        {
            var codes = new int[1 + random.Next(4)];
            for (int level = 0; level < codes.Length; level++)
                codes[level] = random.Next(4);
            items[i] = KeyValuePair.Create($"item {i}", codes);
        }

        return items;
    }
}
