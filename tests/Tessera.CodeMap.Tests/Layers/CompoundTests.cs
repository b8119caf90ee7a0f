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
    [InlineData("Search", "IndexSearch ScriptedIndex", "IndexSearch")]
    [InlineData("Five", "OneTwoThreeFourFiveSix", "TwoThreeFourFive")]
    [InlineData("Embedder", "HashedTextEmbedder TextEmbedder TextEmbedder", "TextEmbedder")]
    [InlineData("Embedder", "TextEmbedder WordEmbedder ImageEmbedder", "embedder")]
    [InlineData("Reader", "Reader", "reader")]
    [InlineData("SIMD", "SIMD", "SIMD")]
    public void A_word_is_shown_with_what_it_stands_together_with_in_an_identifier(string word, string identifiers, string expected)
    {
        var lexicon = new Lexicon();
        var cluster = new TermProfile();
        Token[] tokens = [.. identifiers.Split(' ').SelectMany(identifier => lexicon[identifier].Tokens)];
        foreach (ulong token in tokens.Select(token => token.Hash))
            cluster.AddTerm(token, 1);
        Token start = tokens.First(token => token.Surface == word);

        Compound compound = Compound.Around(start, [.. tokens.Where(token => token.IsPair)], cluster, lexicon.Glossary());

        Assert.Equal(expected, compound.Text);
        Assert.Contains(start.Hash, compound.Parts);
    }
}
