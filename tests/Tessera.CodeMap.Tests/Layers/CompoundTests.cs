using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Tests.Layers;

public class CompoundTests
{
    [Theory]
    [InlineData("Embedder", "HashedTextEmbedder", "HashedTextEmbedder")]
    [InlineData("Text", "HashedTextEmbedder", "HashedTextEmbedder")]
    [InlineData("Means", "KMeans", "KMeans")]
    [InlineData("means", "k-means", "k-means")]
    [InlineData("Sharp", "CSharpReader", "CSharpReader")]
    [InlineData("Search", "ScriptedIndex IndexSearch", "IndexSearch")]
    [InlineData("Five", "OneTwoThreeFourFiveSix", "TwoThreeFourFive")]
    [InlineData("Reader", "Reader", "reader")]
    [InlineData("SIMD", "SIMD", "SIMD")]
    public void A_word_is_shown_with_what_it_stands_together_with_in_an_identifier(string word, string identifiers, string expected)
    {
        var lexicon = new Lexicon();
        Token[] tokens = [.. identifiers.Split(' ').SelectMany(identifier => lexicon[identifier].Tokens)];
        Token token = tokens.First(candidate => candidate.Surface == word);

        Compound compound = Compound.Around(token, [.. tokens.Where(candidate => candidate.IsPair)], lexicon.Glossary());

        Assert.Equal(expected, compound.Text);
        Assert.Contains(token.Hash, compound.Parts);
    }
}
