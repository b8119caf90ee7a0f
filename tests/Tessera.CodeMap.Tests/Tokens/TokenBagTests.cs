using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Tokens;

public class TokenBagTests
{
    [Fact]
    public void A_name_weighs_more_than_documentation_and_that_more_than_the_body()
    {
        var bag = new TokenBag(new Lexicon());
        bag.Add("alpha", TextPart.Name);
        bag.AddText("beta", TextPart.Documentation);
        bag.Add("gamma", TextPart.Body);

        Dictionary<ulong, float> weights = bag.Take().ToDictionary(token => token.Hash, token => token.Weight);

        Assert.True(weights[Hash("alpha")] > weights[Hash("beta")]);
        Assert.True(weights[Hash("beta")] > weights[Hash("gamma")]);
    }

    [Fact]
    public void A_long_body_does_not_drown_the_name()
    {
        var bag = new TokenBag(new Lexicon());
        bag.Add("alpha", TextPart.Name);
        for (int i = 0; i < 1000; i++)
            bag.Add($"word{(char)('a' + i % 26)}{(char)('a' + i / 26)}", TextPart.Body);

        WeightedToken[] tokens = bag.Take();

        float name = tokens.Single(token => token.Hash == Hash("alpha")).Weight;
        Assert.True(name > 0.2 * tokens.Sum(token => token.Weight));
    }

    [Fact]
    public void A_bag_is_empty_after_it_was_taken()
    {
        var bag = new TokenBag(new Lexicon());
        bag.Add("alpha", TextPart.Name);
        bag.Take();

        Assert.Empty(bag.Take());
    }

    private static ulong Hash(string word) => HashedTextEmbedder.Hash(Stemmer.Stem(word));
}
