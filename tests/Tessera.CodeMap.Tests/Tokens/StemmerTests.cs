using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Tests.Tokens;

public class StemmerTests
{
    [Theory]
    [InlineData("read reads reading reader readers")]
    [InlineData("index indexes indices indexing indexed indexer")]
    [InlineData("quantize quantizes quantizer quantized quantizing quantization quantise quantiser quantisation")]
    [InlineData("cluster clusters clustering clustered")]
    [InlineData("matrix matrices")]
    [InlineData("query queries querying")]
    [InlineData("compute computed computing computation computer")]
    [InlineData("generate generates generator generation")]
    [InlineData("split splits splitting splitter")]
    [InlineData("neighbor neighbors neighbour neighbours")]
    [InlineData("embed embeds embedding embedder embedded")]
    [InlineData("exact exactly")]
    [InlineData("choose choosing chosen chose")]
    [InlineData("class classes")]
    [InlineData("miss missing missed")]
    public void Forms_of_one_word_meet(string forms) =>
        Assert.Single(forms.Split(' ').Select(Stemmer.Stem).Distinct());

    [Theory]
    [InlineData("string", "str")]
    [InlineData("speed", "spe")]
    [InlineData("bus", "bu")]
    [InlineData("form", "format")]
    [InlineData("state", "statement")]
    [InlineData("string", "strong")]
    [InlineData("probe", "problem")]
    public void Different_words_stay_apart(string one, string other) =>
        Assert.NotEqual(Stemmer.Stem(one), Stemmer.Stem(other));
}
