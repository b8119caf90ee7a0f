using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Filters that keep half, a tenth, a hundredth or a thousandth of the vectors, spread evenly or all in one place.</summary>
public sealed class FilteredSearchTests
{
    private const int Dimension = 16;
    private const int Clusters = 20;
    private const int Count = 3000;
    private const int K = 10;
    private static readonly Matrix All = TestVectors.Planted(Clusters, Count / Clusters + 2, Dimension, 0.6f, 1);
    private static readonly Matrix Vectors = All.Slice(0, Count);
    private static readonly Matrix Queries = All.Slice(Count, 2 * Clusters);

    /// <summary>All ids for each query, nearest first.</summary>
    private static readonly Dictionary<Metric, Lazy<long[][]>> Sorted = Enum.GetValues<Metric>().ToDictionary(metric => metric, metric => new Lazy<long[][]>(() =>
        [.. Enumerable.Range(0, Queries.Rows).Select(query => ExactNeighbors.Of(metric, Vectors, Queries[query], Count).Select(answer => answer.Id).ToArray())]));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Metric> Kinds()
    {
        var kinds = new TheoryData<string, Metric>();
        foreach (string specification in (string[])["Flat", "HNSW8", "IVF32,Flat", "IVF32,PQ8", "IVF32,PQ8x4fs", "IVF32,PQ16x6", "IVF32,PQ8,Refine"])
        {
            foreach (Metric metric in Enum.GetValues<Metric>())
                kinds.Add(specification, metric);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void K_vectors_come_back_where_k_pass_and_the_recall_is_that_without_a_filter(string specification, Metric metric)
    {
        using VectorIndex index = Make(specification, metric);
        foreach (int probes in (int[])[1, 4])
        {
            var plain = new SearchOptions { Probes = Math.Min(probes, index.Lists), EfSearch = 16, Threads = 1 };
            double unfiltered = Recall(index, metric, _ => true, null, plain);
            foreach (int part in (int[])[2, 10, 100, 1000])
            {
                Check(id => id / Clusters % part == part / 3, $"one of {part}");
            }

            Check(id => id % Clusters == 13, "one cluster");
            Check(id => id % 2 == 1, "every other cluster", 0.9);
            Check(id => id is 17 or 1000 or 2999, "three");
            Check(id => id > Count, "none");

            void Check(Func<long, bool> passes, string name, double share = 0.95)
            {
                double recall = Recall(index, metric, passes, SearchFilter.Where(passes), plain);
                Assert.True(recall >= share * unfiltered, $"{name}: recall {recall:0.000}, without a filter {unfiltered:0.000}, {probes} probes");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void K_vectors_come_back_though_most_are_removed(string specification, Metric metric)
    {
        using VectorIndex index = Make(specification, metric);
        var options = new SearchOptions { Probes = 1, Threads = 1 };
        foreach (int part in (int[])[2, 3, 30, 700])
        {
            index.Remove([.. Enumerable.Range(0, Count).Where(id => id % part != 0).Select(id => (long)id)]);
            foreach (Neighbor[] answers in index.OneByOne(Queries, K, options).Concat(index.Together(Queries, K, options)))
                Assert.Equal(Math.Min(K, index.Count), answers.Count(answer => answer.Id >= 0));
        }

        // The multiples of all four.
        Assert.Equal(2, index.Count);
    }

    [Theory]
    [InlineData("IVF32,PQ8")]
    [InlineData("IVF32,PQ8x4fs")]
    [InlineData("IVF32,PQ16x6,Refine(fp16)")]
    [InlineData("IVF32,PQ8,Refine(mapped)")]
    [InlineData("IVF32,RQ4x6")]
    [InlineData("IVF32,SQ8")]
    [InlineData("PQ8")]
    [InlineData("SQ8")]
    public void A_batch_finds_among_few_codes_what_its_queries_find_alone(string specification)
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            using VectorIndex index = Make(specification, metric);
            index.Remove([.. Enumerable.Range(0, 200).Select(id => (long)id)]);
            foreach (int part in (int[])[9, 60, 900, 10_000])
            {
                var options = new SearchOptions { Probes = Math.Min(4, index.Lists), Filter = SearchFilter.Where(id => id % part == 8) };
                Assert.Equal(index.OneByOne(Queries, K, options), index.Together(Queries, K, options));
            }
        }
    }

    [Theory]
    [InlineData("HNSW8")]
    [InlineData("IVF32,Flat")]
    [InlineData("IVF32,PQ8,Refine")]
    [InlineData("RR,IVF32,Flat")]
    public void A_batch_is_answered_exactly_where_few_vectors_pass(string specification)
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            using VectorIndex index = Make(specification, metric);
            foreach (int part in (int[])[60, 900, 10_000])
            {
                var options = new SearchOptions { Probes = Math.Min(2, index.Lists), EfSearch = 10, Filter = SearchFilter.Where(id => id % part == 8) };
                Neighbor[][] answers = index.Together(Queries, K, options);
                for (int query = 0; query < Queries.Rows; query++)
                    Assert.Equal(Sorted[metric].Value[query].Where(id => id % part == 8).Take(K), answers[query].Select(answer => answer.Id).Where(id => id >= 0));
            }
        }
    }

    /// <summary>Also that single queries, batches and the answers' own ids and distances agree.</summary>
    private static double Recall(VectorIndex index, Metric metric, Func<long, bool> passes, SearchFilter? filter, SearchOptions options)
    {
        options = options with { Filter = filter };
        Neighbor[][] single = index.OneByOne(Queries, K, options), together = index.Together(Queries, K, options);
        double recall = 0;
        for (int query = 0; query < Queries.Rows; query++)
        {
            long[] truth = [.. Sorted[metric].Value[query].Where(passes).Take(K)];
            foreach (Neighbor[] answers in (Neighbor[][])[single[query], together[query]])
            {
                long[] ids = [.. answers.TakeWhile(answer => answer.Id >= 0).Select(answer => answer.Id)];
                Assert.All(ids, id => Assert.True(passes(id)));
                Assert.Equal(ids.Length, ids.Distinct().Count());
                if (filter is not null)
                    Assert.Equal(truth.Length, ids.Length);
                recall += truth.Length == 0 ? 1 : truth.Count(id => ids.Contains(id)) / (double)truth.Length;
            }
        }

        return recall / (2 * Queries.Rows);
    }

    private static VectorIndex Make(string specification, Metric metric)
    {
        VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        index.Train(Vectors, new BuildOptions { CoarseIterations = 5, CodebookIterations = 5 }, cancellationToken: Cancellation);
        index.Add(Vectors, cancellationToken: Cancellation);
        return index;
    }
}
