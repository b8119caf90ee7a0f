using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Memory as the collector sees it, which counts what all threads allocate: no other test may run meanwhile.</summary>
[Collection(nameof(RunsAlone))]
public sealed class IndexMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Flat")]
    [InlineData("IVF8,Flat")]
    [InlineData("IVF8,PQ16")]
    [InlineData("IVF8,PQ16,Refine")]
    [InlineData("Tree2x4")]
    [InlineData("IVF8,PQ16,Refine(fp16)")]
    [InlineData("PQ16")]
    [InlineData("SQ8")]
    [InlineData("IVF8,SQfp16")]
    public void Measured_bytes_are_those_that_the_index_allocates_and_keeps(string specification)
    {
        // So many that what the runtime itself takes and gives back meanwhile, tens of kilobytes, does not count.
        Matrix vectors = TestVectors.Normal(30_000, 64, 1);
        using VectorIndex index = IndexFactory.Create(specification, 64);
        index.Train(vectors.Slice(0, 6000), new BuildOptions { CoarseIterations = 2, CodebookIterations = 2, Threads = 1 }, cancellationToken: Cancellation);
        long before = index.Memory.MeasuredBytes;
        long[] ids = [.. Enumerable.Range(0, vectors.Rows).Select(i => 3L * i)];

        long kept = Kept(() => index.Add(vectors, ids, new BuildOptions { Threads = 1 }, cancellationToken: Cancellation));

        Assert.InRange(index.Memory.MeasuredBytes - before, 0.9 * kept, 1.1 * kept);
    }

    [Fact]
    public void Vectors_in_a_file_leave_only_their_codes_in_memory()
    {
        Matrix vectors = TestVectors.Normal(6000, 64, 1);
        using VectorIndex index = IndexFactory.Create("IVF8,PQ16,Refine(mapped)", 64);
        index.Train(vectors, new BuildOptions { CoarseIterations = 2, CodebookIterations = 2, Threads = 1 }, cancellationToken: Cancellation);

        long kept = Kept(() =>
        {
            for (int start = 0; start < vectors.Rows; start += 500)
                index.Add(vectors.Slice(start, 500), options: new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
        });

        // Codes of 16 bytes, terms and ordinals of 4 each, and a third to spare; the vectors would take 256 bytes each.
        Assert.InRange(kept, 0, 6000 * 32);
        Assert.InRange(index.Memory.MeasuredBytes, 6000 * 256, 6000 * 300 + 200_000);
    }

    /// <summary>Bytes that stay allocated by an action.</summary>
    private static long Kept(Action action)
    {
        long before = Settled();
        action();
        return Settled() - before;
    }

    /// <summary>Bytes allocated once nothing is left to collect, that which tests before have left to finalisers included.</summary>
    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
