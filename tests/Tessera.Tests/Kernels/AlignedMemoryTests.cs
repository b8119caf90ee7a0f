using System.Runtime.CompilerServices;
using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class AlignedMemoryTests
{
    [Fact]
    public void Bytes_start_on_a_cache_line_and_are_zero() => Check<byte>();

    [Fact]
    public void Floats_start_on_a_cache_line_and_are_zero() => Check<float>();

    [Fact]
    public void Longs_start_on_a_cache_line_and_are_zero() => Check<long>();

    private static unsafe void Check<T>()
        where T : unmanaged
    {
        foreach (int length in (int[])[0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 1000])
        {
            Memory<T> memory = AlignedMemory.Allocate<T>(length);

            Assert.Equal(length, memory.Length);
            Assert.Equal(new T[length], memory.ToArray());
            if (length > 0)
                Assert.Equal(0u, (nuint)Unsafe.AsPointer(ref memory.Span[0]) % 64);
        }
    }
}
