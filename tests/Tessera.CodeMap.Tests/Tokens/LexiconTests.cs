using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Tests.Tokens;

public class LexiconTests
{
    [Theory]
    [InlineData("ProductQuantizer", "Product ProductQuantizer Quantizer")]
    [InlineData("KMeans", "KMeans Means")]
    [InlineData("k-means", "k-means means")]
    [InlineData("Avx512", "Avx Avx512")]
    [InlineData("SquaredL2", "Squared SquaredL2 L2")]
    [InlineData("IGrainFactory", "Grain GrainFactory Factory")]
    [InlineData("TKey", "Key")]
    [InlineData("m_fieldCount", "fieldCount Count")]
    [InlineData("snake_case_word", "snake snake_case case_word word")]
    [InlineData("GetValue", "")]
    [InlineData("ReadFromFile", "Read File")]
    [InlineData("CodeMap", "CodeMap Map")]
    [InlineData("cancellationToken", "")]
    [InlineData("CancellationTokenSource", "Cancellation CancellationToken Token TokenSource Source")]
    [InlineData("x", "")]
    [InlineData("42", "")]
    public void A_word_gives_its_parts_and_its_pairs_of_parts(string word, string expected) =>
        Assert.Equal(expected, string.Join(' ', Lexicon.Tokenise(word).Select(token => token.Surface)));

    [Fact]
    public void Spellings_of_a_compound_give_the_same_token() =>
        Assert.Single(new[] { "KMeans", "kMeans", "k-means" }
            .Select(word => Lexicon.Tokenise(word).Single(token => token.IsPair).Hash).Distinct());

    [Fact]
    public void A_blob_is_no_word() => Assert.Empty(Lexicon.Tokenise(new string('a', 200)));

    [Fact]
    public void The_surface_that_most_files_write_stands_for_a_token()
    {
        var lexicon = new Lexicon();
        foreach (string word in (string[])["Reader", "Reader", "reading"])
            lexicon[word].CountFile();

        Assert.Equal("Reader", lexicon.Glossary()[HashedTextEmbedder.Hash(Stemmer.Stem("reader"))].Surface);
    }

    [Fact]
    public void The_same_word_has_one_entry()
    {
        var lexicon = new Lexicon();

        Assert.Same(lexicon["Reader"], lexicon["aReader".AsSpan(1)]);
    }
}
