using Tessera.Music.Tokens;
using Tessera.Storage;

namespace Tessera.Music.Tests.Tokens;

public sealed class VocabularyTests
{
    [Fact]
    public void What_is_saved_is_loaded_again_as_a_plain_map()
    {
        using var folder = new PackFolder();
        var vocabulary = Vocabulary.Of([["STYLE=pop", "BAR", "CHORD=F#m"], ["BAR", "\"quoted\""]]);

        vocabulary.Save(folder["vocab.json"]);

        Assert.Equal(vocabulary.Tokens, Vocabulary.Load(folder["vocab.json"]).Tokens);
        Assert.Contains("\"STYLE=pop\": 3", File.ReadAllText(folder["vocab.json"]), StringComparison.Ordinal);
        Assert.Equal([3, -1], vocabulary.Encode(["STYLE=pop", "POS=1"]));
    }

    [Theory]
    [InlineData("{\"a\": 0, \"b\": 2}", "none with the id 1")]
    [InlineData("{\"a\": 0, \"b\": 0}", "stands there twice")]
    [InlineData("{\"a\": 0,", "not JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{\"a\": \"x\"}", "no JSON object")]
    public void What_is_no_vocabulary_is_refused(string json, string problem)
    {
        using PackFolder folder = new PackFolder().With("vocab.json", json);

        Assert.Contains(problem, Assert.Throws<TesseraFormatException>(() => Vocabulary.Load(folder["vocab.json"])).Message, StringComparison.Ordinal);
    }
}
