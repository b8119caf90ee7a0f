using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Tests.Tokens;

public class IdentifierSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("word", "word")]
    [InlineData("camelCase", "camel Case")]
    [InlineData("PascalCaseName", "Pascal Case Name")]
    [InlineData("snake_case_name", "snake case name")]
    [InlineData("_field", "field")]
    [InlineData("k-means", "k means")]
    [InlineData("KMeans", "K Means")]
    [InlineData("HTTPServer", "HTTP Server")]
    [InlineData("parseHTTP", "parse HTTP")]
    [InlineData("HTTP", "HTTP")]
    [InlineData("IvfPqIndex", "Ivf Pq Index")]
    [InlineData("UserIDs", "User IDs")]
    [InlineData("IDsOfUsers", "IDs Of Users")]
    [InlineData("L2", "L2")]
    [InlineData("SquaredL2", "Squared L2")]
    [InlineData("Avx512Vbmi", "Avx 512 Vbmi")]
    [InlineData("UInt64", "U Int 64")]
    [InlineData("utf8Text", "utf 8 Text")]
    [InlineData("__", "")]
    [InlineData("größeÄndern", "größe Ändern")]
    [InlineData("向量index", "向量index")]
    public void A_word_is_split_where_people_read_a_joint(string word, string expected)
    {
        var parts = new List<Range>();

        IdentifierSplitter.Split(word, parts);

        Assert.Equal(expected, string.Join(' ', parts.Select(part => word[part])));
    }
}
