using Tessera.Storage;

namespace Tessera.Tests.Storage;

public class Crc32CTests
{
    [Fact]
    public void It_is_the_checksum_of_the_iscsi_standard()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Pieces_give_the_checksum_of_the_whole()
    {
        var bytes = new byte[100];
        new Random(1).NextBytes(bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Crc32C.Compute(bytes), Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut))));
    }
}
