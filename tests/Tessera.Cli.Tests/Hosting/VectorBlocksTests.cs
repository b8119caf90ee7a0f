using Tessera.Cli.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Tests.Hosting;

public sealed class VectorBlocksTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(35, 7)]
    [InlineData(5 * 100, 100)]
    [InlineData(1 << 20, 100)]
    public void Blocks_hold_every_row_once_and_in_order(int blockNumbers, int rows)
    {
        using var workspace = new Workspace();
        string file = workspace.WriteClustered("x.npy", 100, 5, 1);
        using var reader = VectorFile.Open(file);
        reader.Seek(60);
        var read = new List<float>();
        int largest = 0;
        foreach (var block in reader.Blocks(TestContext.Current.CancellationToken, blockNumbers))
        {
            largest = Math.Max(largest, block.Rows);
            read.AddRange(block.Span);
        }

        Assert.Equal(rows, largest);
        Assert.Equal(VectorFile.Read(file, TestContext.Current.CancellationToken).Span.ToArray(), read);
    }
}
