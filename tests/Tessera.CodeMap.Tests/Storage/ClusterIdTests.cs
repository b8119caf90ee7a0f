using Tessera.CodeMap.Storage;

namespace Tessera.CodeMap.Tests.Storage;

public class ClusterIdTests
{
    [Theory]
    [InlineData("hirag::layer0::5", 0, 5, "")]
    [InlineData("hirag::layer1::2", 1, 2, "")]
    [InlineData("hirag::layer10::5::repo::hyperzoekt", 10, 5, "hyperzoekt")]
    [InlineData("hirag::layer1::5::repo::a::repo::b", 1, 5, "a::repo::b")]
    public void Ids_of_the_reference_are_read_and_written(string text, int layer, int number, string map)
    {
        Assert.True(ClusterId.TryParse(text, out ClusterId id));
        Assert.Equal(new ClusterId(layer, number, map), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("layer1")]
    [InlineData("hirag::layer1")]
    [InlineData("hirag::layer1::")]
    [InlineData("hirag::layer-1::5")]
    [InlineData("hirag::layer1::5::repo::")]
    [InlineData("hirag::layer1::5::6")]
    [InlineData("hirag::layer99999999999::5")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(ClusterId.TryParse(text, out _));
}
