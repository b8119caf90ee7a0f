using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed unsafe class AlignedBufferTests
{
    [Fact]
    public void Memory_starts_on_a_cache_line_and_holds_every_value()
    {
        foreach (int length in (int[])[0, 1, 15, 16, 17, 1000])
        {
            using var buffer = new AlignedBuffer<float>(length);
            float[] values = TestVectors.Normals(length, (ulong)length);

            values.CopyTo(buffer.Span);

            Assert.Equal(0u, (nuint)buffer.Pointer % 64);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(values, buffer.Span.ToArray());
        }
    }

    [Fact]
    public void A_slice_is_a_window_on_the_buffer()
    {
        using var buffer = new AlignedBuffer<int>(10);
        Enumerable.Range(0, 10).ToArray().CopyTo(buffer.Span);

        buffer.Slice(3, 4).Fill(-1);

        Assert.Equal([0, 1, 2, -1, -1, -1, -1, 7, 8, 9], buffer.Span.ToArray());
        Assert.Equal(0, buffer.Slice(10, 0).Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(long.MaxValue, 1)]
    public void A_slice_outside_the_buffer_is_refused(long start, int count)
    {
        using var buffer = new AlignedBuffer<int>(10);

        Assert.Throws<ArgumentOutOfRangeException>(() => { buffer.Slice(start, count); });
    }

    [Fact]
    public void Lengths_that_no_memory_holds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer<float>(-1));
        Assert.Throws<OverflowException>(() => new AlignedBuffer<double>(long.MaxValue));
    }

    [Fact]
    public void A_disposed_buffer_gives_no_pointer_and_can_be_disposed_again()
    {
        var buffer = new AlignedBuffer<float>(8);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { _ = buffer.Pointer; });
        Assert.Throws<ObjectDisposedException>(() => { _ = buffer.Span; });
    }
}
