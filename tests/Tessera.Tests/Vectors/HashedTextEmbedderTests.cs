using System.Globalization;
using Tessera.Vectors;

namespace Tessera.Tests.Vectors;

public class HashedTextEmbedderTests
{
    private static readonly string[] Corpus =
    [
        "read vectors from a file",
        "write vectors to a file",
        "parse the command line",
        "cluster vectors by k means",
        "the command prints a table",
    ];

    [Theory]
    [InlineData("", 0xF52A15E9A9B5E89BUL)]
    [InlineData("vector", 0x275B445E717DB728UL)]
    [InlineData("größe", 0x5199EDE9294E34D9UL)]
    public void Hashes_are_the_same_on_every_machine(string token, ulong expected) =>
        Assert.Equal(expected, HashedTextEmbedder.Hash(token));

    [Fact]
    public void Vectors_are_the_same_on_every_machine()
    {
        var vector = new float[16];
        Fit(16, Corpus.Select(Document)).Embed(Tokens("read vectors from a file"), vector);

        const string Expected =
            "be977cf2 3f07efb6 bde41dac 3e977cf2 00000000 3e3ceb0d 00000000 3ebceb0d "
            + "3e70c4f1 3d4f6791 3e3ceb0d 3e3ceb0d 00000000 3ef5f278 bd78d3c7 00000000";
        Assert.Equal(Expected, string.Join(' ', vector.Select(value => BitConverter.SingleToInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void The_order_of_tokens_does_not_show()
    {
        var embedder = Fit(64, Corpus.Select(Document));
        WeightedToken[] tokens = [.. Tokens("read vectors from a file"), new(HashedTextEmbedder.Hash("read"), 0.1f), new(HashedTextEmbedder.Hash("read"), 0.7f)];

        Assert.Equal(Embed(embedder, tokens), Embed(embedder, [.. tokens.Reverse()]));
    }

    [Fact]
    public void Texts_that_share_more_words_are_nearer()
    {
        var embedder = Fit(256, Corpus.Select(Document));
        float[] query = Embed(embedder, Tokens("read a file of vectors"));

        double[] products = [.. Corpus.Select(text => Product(query, Embed(embedder, Tokens(text))))];

        Assert.Equal([0, 1], Enumerable.Range(0, products.Length).OrderByDescending(i => products[i]).Take(2));
        Assert.True(products[1] > products[3]);
        Assert.InRange(products[2], -0.35, 0.35);
    }

    [Fact]
    public void The_product_estimates_the_cosine_of_the_token_lists()
    {
        const int Words = 40;
        var embedder = Fit(4096, Enumerable.Range(0, 3 * Words).Select(word => Document($"word{word}")));
        string left = string.Join(' ', Enumerable.Range(0, Words).Select(word => $"word{word}"));
        string right = string.Join(' ', Enumerable.Range(Words / 4, Words).Select(word => $"word{word}"));

        Assert.Equal(0.75, Product(Embed(embedder, Tokens(left)), Embed(embedder, Tokens(right))), 0.08);
    }

    [Fact]
    public void A_rare_word_counts_more_than_a_common_one()
    {
        var embedder = Fit(256, Corpus.Select(Document));
        float[] text = Embed(embedder, Tokens("vectors parse"));

        Assert.True(Product(text, Embed(embedder, Tokens("parse"))) > Product(text, Embed(embedder, Tokens("vectors"))));
        Assert.True(embedder.Idf(HashedTextEmbedder.Hash("unheard")) > embedder.Idf(HashedTextEmbedder.Hash("parse")));
        Assert.Equal(3, embedder.DocumentFrequency(HashedTextEmbedder.Hash("vectors")));
    }

    [Fact]
    public void A_heavier_token_counts_more_and_repeats_are_dampened()
    {
        var embedder = Fit(256, Corpus.Select(Document));
        ulong parse = HashedTextEmbedder.Hash("parse"), prints = HashedTextEmbedder.Hash("prints");
        float[] text = Embed(embedder, [new(parse, 4), new(prints, 1)]);

        double ratio = Product(text, Embed(embedder, [new(parse, 1)])) / Product(text, Embed(embedder, [new(prints, 1)]));

        Assert.InRange(ratio, 1.5, 2.5);
    }

    [Fact]
    public void Vectors_have_length_1_or_are_zero()
    {
        var embedder = Fit(32, Corpus.Select(Document));
        var vector = new float[32];

        foreach (string text in Corpus)
        {
            Assert.True(embedder.Embed(Tokens(text), vector));
            Assert.Equal(1, Product(vector, vector), 1e-5);
        }

        Assert.False(embedder.Embed([], vector));
        Assert.All(vector, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Equal_documents_still_have_a_direction()
    {
        var embedder = Fit(32, Enumerable.Repeat(Document("same"), 2_000_000));

        Assert.True(embedder.Embed(Tokens("same"), new float[32]));
    }

    [Fact]
    public void An_embedder_made_again_from_its_counts_gives_the_same_vectors()
    {
        var embedder = Fit(64, Corpus.Select(Document));
        var again = new HashedTextEmbedder(embedder.Dimension, embedder.Documents, embedder.Frequencies);

        foreach (string text in Corpus)
            Assert.Equal(Embed(embedder, Tokens(text)), Embed(again, Tokens(text)));
    }

    [Fact]
    public void A_batch_gives_the_rows_that_single_calls_give()
    {
        var embedder = Fit(64, Corpus.Select(Document));

        Matrix batch = embedder.Embed([.. Corpus.Select(Document)], threads: 2, TestContext.Current.CancellationToken);

        for (int row = 0; row < Corpus.Length; row++)
            Assert.Equal(Embed(embedder, Tokens(Corpus[row])), batch[row].ToArray());
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_that_is_no_weight_is_refused(float weight)
    {
        var embedder = Fit(16, Corpus.Select(Document));

        var error = Assert.Throws<ArgumentException>(() => embedder.Embed([new WeightedToken(1, weight)], new float[16]));
        Assert.Equal("tokens", error.ParamName);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        var embedder = Fit(16, Corpus.Select(Document));

        Assert.Throws<ArgumentException>(() => embedder.Embed([new WeightedToken(1, 1)], new float[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(0, Corpus.Select(Document)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashedTextEmbedder(16, 5, new Dictionary<ulong, int> { [1] = 6 }));
    }

    private static HashedTextEmbedder Fit(int dimension, IEnumerable<ReadOnlyMemory<WeightedToken>> documents) =>
        HashedTextEmbedder.Fit(dimension, documents, TestContext.Current.CancellationToken);

    private static ReadOnlyMemory<WeightedToken> Document(string text) => Tokens(text);

    private static WeightedToken[] Tokens(string text) =>
        [.. text.Split(' ').Select(word => new WeightedToken(HashedTextEmbedder.Hash(word), 1))];

    private static float[] Embed(HashedTextEmbedder embedder, WeightedToken[] tokens)
    {
        var vector = new float[embedder.Dimension];
        embedder.Embed(tokens, vector);
        return vector;
    }

    private static double Product(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();
}
