using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IndexAllocationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Metric> Kinds()
    {
        var kinds = new TheoryData<string, Metric>();
        foreach (string specification in (string[])["Flat", "HNSW8", "IVF20,Flat", "IVF20,PQ8", "IVF20,PQ8x6", "IVF20,PQ8,Refine", "IVF20,PQ8,Refine(fp16)", "IVF20,PQ8,Refine(mapped)", "PQ6x4", "RQ3x5,Refine", "IVF20,RQ2x8", "SQ8", "SQfp16", "SQbf16", "IVF20,SQ8", "OPQ4,IVF20,PQ4x5", "RR,SQ8", "Tree2x5"])
        {
            foreach (Metric metric in Enum.GetValues<Metric>())
                kinds.Add(specification, metric);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_thousand_single_queries_into_the_callers_memory_allocate_nothing(string specification, Metric metric)
    {
        Matrix vectors = TestVectors.Planted(20, 30, 24, 0.6f, 1), queries = TestVectors.Planted(20, 5, 24, 0.6f, 2);
        using VectorIndex index = IndexFactory.Create(specification, 24, metric);
        index.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        index.Add(vectors, [.. Enumerable.Range(0, 600).Select(i => 2L * i)], cancellationToken: Cancellation);
        AssertAllocatesNothing(index, queries);
        // Many of them, few of them: a graph and a flat index go about the two differently.
        AssertAllocatesNothing(index, queries, SearchFilter.Where(id => id % 4 == 0));
        AssertAllocatesNothing(index, queries, SearchFilter.Where(id => id % 50 == 0));
        index.Remove([.. Enumerable.Range(0, 100).Select(i => 6L * i)]);
        AssertAllocatesNothing(index, queries);

        using var folder = new TemporaryFolder();
        index.Save(folder["index.tsr"]);
        using VectorIndex opened = VectorIndex.Open(folder["index.tsr"]);
        AssertAllocatesNothing(opened, queries);
    }

    private static void AssertAllocatesNothing(VectorIndex index, Matrix queries, SearchFilter? filter = null)
    {
        var results = new Neighbor[10];
        var options = new SearchOptions { Probes = Math.Min(5, index.Lists), Beam = 5, Filter = filter };
        long Allocated(int rounds)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < rounds; round++)
            {
                for (int query = 0; query < queries.Rows; query++)
                    index.Search(queries[query], results, options);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The working memory grows to what these queries need.
        Assert.True(Allocated(1) > 0 || filter is not null || index.RemovedCount > 0);
        // What a query allocates it allocates every time; the runtime's own few bytes (for code that it compiles anew) come once.
        Assert.Equal(0, Enumerable.Range(0, 3).Min(_ => Allocated(10)));
        Assert.True(results[0].Id >= 0);
    }
}
