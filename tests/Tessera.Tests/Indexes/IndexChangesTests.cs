using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Filters, removal, update and compaction in indexes of codes, against an index that never held what is gone.</summary>
public sealed class IndexChangesTests
{
    private const int Dimension = 12;

    private static readonly Matrix Vectors = TestVectors.Planted(10, 120, Dimension, 0.5f, 1);
    private static readonly long[] Ids = [.. Enumerable.Range(0, 1200).Select(i => 5L * i + 3)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Metric> Kinds()
    {
        var kinds = new TheoryData<string, Metric>();
        foreach (string specification in (string[])["SQ8", "SQfp16", "SQbf16", "IVF9,SQ8", "RQ3x5", "RQ3x5,Refine", "PQ6", "IVF9,RQ3x5", "OPQ3,IVF9,PQ6x5", "PCA8,SQ8"])
        {
            foreach (Metric metric in Enum.GetValues<Metric>())
                kinds.Add(specification, metric);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_filtered_search_answers_with_the_nearest_that_pass(string specification, Metric metric)
    {
        using VectorIndex index = Trained(specification, metric);
        index.Add(Vectors, Ids, cancellationToken: Cancellation);
        Matrix queries = Vectors.Slice(300, 20);
        var all = new SearchOptions { Probes = index.Lists, RerankFactor = 1000 };
        Neighbor[][] everything = index.OneByOne(queries, 1200, all);
        foreach (int each in (int[])[2, 30, 400])
        {
            SearchOptions options = all with { Filter = SearchFilter.Where(id => id / 5 % each == 1) };
            Neighbor[][] expected = [.. everything.Select(answers => answers.Where(answer => answer.Id / 5 % each == 1).Take(3).ToArray())];
            Assert.Equal(expected, index.OneByOne(queries, 3, options));
            Assert.Equal(expected, index.Together(queries, 3, options));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_removed_or_updated_is_gone_at_once_and_its_space_after_compaction(string specification, Metric metric)
    {
        using VectorIndex index = Trained(specification, metric), fresh = Trained(specification, metric);
        index.Add(Vectors, Ids, cancellationToken: Cancellation);
        Matrix queries = Vectors.Slice(300, 40), moved = TestVectors.Planted(10, 10, Dimension, 0.5f, 9);
        Assert.Equal(800, index.Remove(Ids.Where((_, i) => i % 3 != 0).ToArray()));
        int[] left = [.. Enumerable.Range(0, 400).Select(i => 3 * i)];
        long[] changed = [.. left.Take(100).Select(i => Ids[i])], same = [.. left.Skip(100).Select(i => Ids[i])];
        Assert.Equal(100, index.Update(moved, changed, cancellationToken: Cancellation));

        // The updated vectors stand behind the others.
        fresh.Add(Vectors.Select([.. left.Skip(100)]), same, cancellationToken: Cancellation);
        fresh.Add(moved, changed, cancellationToken: Cancellation);
        var all = new SearchOptions { Probes = index.Lists, RerankFactor = 100 };
        Neighbor[][] expected = fresh.OneByOne(queries, 15, all);
        Assert.Equal((400, 900), (index.Count, index.RemovedCount));
        Assert.Equal(expected, index.OneByOne(queries, 15, all));
        Assert.Equal(expected, index.Together(queries, 15, all));

        index.Compact(cancellationToken: Cancellation);
        Assert.Equal((400, 0), (index.Count, index.RemovedCount));
        Assert.Equal(expected, index.OneByOne(queries, 15, all));
        using var folder = new TemporaryFolder();
        index.Save(folder["index.tsr"]);
        fresh.Save(folder["fresh.tsr"]);
        Assert.Equal(File.ReadAllBytes(folder["fresh.tsr"]), File.ReadAllBytes(folder["index.tsr"]));
        index.Add(moved, cancellationToken: Cancellation);
        fresh.Add(moved, [.. Enumerable.Range(1, 100).Select(i => Ids[^1] + i)], cancellationToken: Cancellation);
        Assert.Equal(fresh.OneByOne(queries, 15, all), index.OneByOne(queries, 15, all));
    }

    private static VectorIndex Trained(string specification, Metric metric)
    {
        VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        return index;
    }
}
