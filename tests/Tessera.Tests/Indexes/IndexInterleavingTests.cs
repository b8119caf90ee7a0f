using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Everything that can be done to an index, in random order, against a list that is looked through from end to end.</summary>
public sealed class IndexInterleavingTests
{
    private const int Dimension = 8;
    private const int Lists = 6;
    private static readonly string[] Tags = ["red", "round", "new"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Flat", Metric.L2)]
    [InlineData("Flat", Metric.InnerProduct)]
    [InlineData("Flat", Metric.Cosine)]
    [InlineData("IVF6,Flat", Metric.L2)]
    [InlineData("IVF6,Flat", Metric.InnerProduct)]
    [InlineData("IVF6,Flat", Metric.Cosine)]
    [InlineData("Tree2x4", Metric.L2)]
    [InlineData("Tree2x4", Metric.InnerProduct)]
    [InlineData("Tree3x3", Metric.Cosine)]
    public void Exact_indexes_agree_with_the_model(string specification, Metric metric)
    {
        for (ulong seed = 1; seed <= 3; seed++)
            Run(specification, metric, Lists, seed, leastRecall: null);
    }

    [Theory]
    [InlineData("IVF6,Flat", Metric.L2, 2, 0.75)]
    [InlineData("Tree2x4", Metric.L2, 3, 0.75)]
    [InlineData("HNSW6", Metric.L2, 0, 0.99)]
    [InlineData("HNSW6", Metric.InnerProduct, 0, 0.98)]
    [InlineData("HNSW6", Metric.Cosine, 0, 0.99)]
    [InlineData("IVF6,PQ8x6", Metric.L2, 6, 0.85)]
    [InlineData("IVF6,PQ8x6", Metric.InnerProduct, 6, 0.85)]
    [InlineData("IVF6,PQ4x4", Metric.Cosine, 6, 0.5)]
    [InlineData("IVF6,PQ4x4,Refine", Metric.L2, 6, 0.9)]
    [InlineData("IVF6,PQ4x4,Refine(mapped)", Metric.Cosine, 6, 0.9)]
    [InlineData("SQ8", Metric.L2, 0, 0.95)]
    [InlineData("IVF6,SQbf16", Metric.InnerProduct, 6, 0.95)]
    [InlineData("RQ4x6,Refine", Metric.L2, 0, 0.9)]
    [InlineData("RR,Flat", Metric.Cosine, 0, 0.99)]
    [InlineData("OPQ4,IVF6,PQ8x6", Metric.L2, 6, 0.85)]
    public void Other_indexes_answer_with_what_is_there_and_passes_and_hold_their_recall(string specification, Metric metric, int probes, double leastRecall)
    {
        for (ulong seed = 1; seed <= 2; seed++)
            Run(specification, metric, probes, seed, leastRecall);
    }

    private static void Run(string specification, Metric metric, int probes, ulong seed, double? leastRecall)
    {
        const int Steps = 400;
        var random = new SeededRandom(seed, 0x1D);
        using var folder = new TemporaryFolder();
        var model = new IndexModel(metric);
        VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        try
        {
            index.Train(Vectors(300), new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
            var filters = new FilterMaker(random, Tags);
            double recall = 0;
            int searches = 0;
            for (int step = 0; step < Steps; step++)
            {
                switch (random.Next(20))
                {
                    case < 5:
                        Add();
                        break;
                    case < 7:
                        Update();
                        break;
                    case < 9:
                        long[] gone = SomeIds(12);
                        Assert.Equal(model.Remove(gone), index.Remove(gone));
                        break;
                    case < 11:
                        Tag();
                        break;
                    case < 16:
                        Search();
                        break;
                    case < 18:
                        Range();
                        break;
                    case 18:
                        index.Compact(new BuildOptions { Threads = 1 + random.Next(2) }, cancellationToken: Cancellation);
                        if (model.Count < index.Count + index.RemovedCount)
                            Assert.Fail("Compaction left removed vectors.");
                        model.Compact();
                        break;
                    default:
                        Reopen(step);
                        break;
                }

                Assert.Equal(model.Count, index.Count);
            }

            Assert.Equal(model.Tags.Order(StringComparer.Ordinal), index.Tags.Where(tag => model.Tags.Contains(tag)));
            Assert.True(searches > 50 && recall / searches >= (leastRecall ?? 1), $"recall {recall / searches:0.000} over {searches} queries, seed {seed}");

            void Add()
            {
                Matrix vectors = Vectors(1 + random.Next(20));
                long[] ids = random.Next(3) switch { 0 => [], 1 => [.. Enumerable.Range(0, vectors.Rows).Select(_ => (long)random.Next(400))], _ => SomeIds(vectors.Rows) };
                if (ids.Length != vectors.Rows)
                    ids = [];
                index.Add(vectors, ids, new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
                model.Add(vectors, ids);
            }

            void Update()
            {
                long[] ids = [.. SomeIds(8).Distinct()];
                Matrix vectors = Vectors(ids.Length);
                Assert.Equal(model.Update(vectors, ids), index.Update(vectors, ids, new BuildOptions { Threads = 1 }, cancellationToken: Cancellation));
            }

            void Tag()
            {
                string tag = Tags[random.Next(Tags.Length)];
                long[] ids = SomeIds(30);
                bool bears = random.Next(4) > 0;
                if (bears)
                    index.Tag(tag, ids);
                else
                    index.Untag(tag, ids);
                model.Tag(tag, ids, bears);
            }

            void Reopen(int step)
            {
                index.Save(folder[$"{step}.tsr"]);
                index.Dispose();
                index = VectorIndex.Open(folder[$"{step}.tsr"]);
                model.Reopen();
            }

            void Search()
            {
                int k = 1 + random.Next(random.Next(4) == 0 ? 200 : 12), count = random.Next(2) == 0 ? 1 : 1 + random.Next(24);
                (SearchFilter? filter, var passes) = filters.Next();
                var options = new SearchOptions { Probes = Math.Min(probes, index.Lists), Beam = probes, Exact = leastRecall is null && index.CanProve, Filter = filter, Threads = 1 + random.Next(2) };
                Matrix queries = Vectors(count);
                Neighbor[][] answers = count == 1 ? index.OneByOne(queries, k, options) : index.Together(queries, k, options);
                for (int i = 0; i < count; i++)
                {
                    Neighbor[] expected = model.Search(queries[i], passes);
                    // Without a filter and with nothing removed, lists that are not visited may hold what is missing.
                    bool complete = filter is not null || index.RemovedCount > 0 || probes == 0 || probes == Lists;
                    Check(expected[..Math.Min(k, expected.Length)], [.. answers[i].TakeWhile(answer => answer.Id >= 0)], expected, complete);
                }
            }

            void Range()
            {
                (SearchFilter? filter, var passes) = filters.Next();
                Matrix query = Vectors(1);
                Neighbor[] all = model.Search(query[0], passes);
                float radius = all.Length == 0 ? 1 : all[random.Next(all.Length)].Distance;
                // Not where rounding decides.
                if (metric == Metric.Cosine)
                    radius += 1e-5f;
                Neighbor[] found = index.RangeSearch(query[0], radius, new SearchOptions { Probes = Math.Min(probes, index.Lists), Beam = probes, Exact = leastRecall is null && index.CanProve, Filter = filter });
                Neighbor[] expected = [.. all.TakeWhile(answer => answer.Distance <= radius)];
                if (leastRecall is null)
                    Check(expected, found, all, complete: true);
                else
                    Assert.All(found, answer => Assert.Contains(all, candidate => candidate.Id == answer.Id));
            }

            // Exactly, or as to what must hold of any index; then the recall counts.
            void Check(Neighbor[] expected, Neighbor[] found, Neighbor[] all, bool complete)
            {
                if (leastRecall is null && metric != Metric.Cosine)
                    Assert.Equal(expected, found);
                if (complete)
                    Assert.Equal(expected.Length, found.Length);
                Assert.Equal(found.OrderBy(answer => answer.Distance).Select(answer => answer.Distance), found.Select(answer => answer.Distance));
                foreach (var same in found.GroupBy(answer => answer.Id))
                    Assert.InRange(same.Count(), 1, all.Count(answer => answer.Id == same.Key));
                if (expected.Length == 0)
                    return;
                float worst = expected[^1].Distance;
                searches++;
                recall += Math.Min(1, found.Count(answer => all.Any(candidate => candidate.Id == answer.Id && candidate.Distance <= worst + 1e-5f)) / (double)expected.Length);
            }

            // Whole numbers, of which distances are exact and often equal; where lengths are divided by, numbers that are hardly ever.
            Matrix Vectors(int rows)
            {
                ulong next = (ulong)random.Next(int.MaxValue);
                return metric == Metric.Cosine ? TestVectors.Normal(rows, Dimension, next) : new Matrix(TestVectors.Integers(rows * Dimension, next), Dimension);
            }

            long[] SomeIds(int most)
            {
                long[] there = model.Ids;
                return [.. Enumerable.Range(0, 1 + random.Next(most)).Select(_ => there.Length > 0 && random.Next(4) > 0 ? there[random.Next(there.Length)] : random.Next(600))];
            }
        }
        finally
        {
            index.Dispose();
        }
    }

    /// <summary>Random filters and what they mean; some are used again and again, over all that happens to the index.</summary>
    private sealed class FilterMaker
    {
        private readonly SeededRandom _random;
        private readonly string[] _tags;
        private readonly (SearchFilter? Filter, Func<long, IReadOnlySet<string>, bool> Passes)[] _lasting;

        public FilterMaker(SeededRandom random, string[] tags)
        {
            _random = random;
            _tags = tags;
            _lasting = [.. Enumerable.Range(0, 4).Select(_ => Make(3))];
        }

        public (SearchFilter? Filter, Func<long, IReadOnlySet<string>, bool> Passes) Next() => _random.Next(3) switch
        {
            0 => (null, (_, _) => true),
            1 => _lasting[_random.Next(_lasting.Length)],
            _ => Make(3),
        };

        private (SearchFilter Filter, Func<long, IReadOnlySet<string>, bool> Passes) Make(int depth)
        {
            switch (_random.Next(depth == 0 ? 3 : 6))
            {
                case 0:
                    var ids = new HashSet<long>(Enumerable.Range(0, _random.Next(200)).Select(_ => (long)_random.Next(500)));
                    return (SearchFilter.Ids(ids), (id, _) => ids.Contains(id));
                case 1:
                    int part = 1 + _random.Next(20), which = _random.Next(part);
                    return (SearchFilter.Where(id => id % part == which), (id, _) => id % part == which);
                case 2:
                    string tag = _tags[_random.Next(_tags.Length)];
                    return (SearchFilter.Tagged(tag), (_, tags) => tags.Contains(tag));
                case 3:
                    (SearchFilter one, var passesOne) = Make(depth - 1);
                    return (one.Not(), (id, tags) => !passesOne(id, tags));
                case 4:
                    (SearchFilter left, var passesLeft) = Make(depth - 1);
                    (SearchFilter right, var passesRight) = Make(depth - 1);
                    return (left.And(right), (id, tags) => passesLeft(id, tags) && passesRight(id, tags));
                default:
                    (SearchFilter first, var passesFirst) = Make(depth - 1);
                    (SearchFilter second, var passesSecond) = Make(depth - 1);
                    return (first.Or(second), (id, tags) => passesFirst(id, tags) || passesSecond(id, tags));
            }
        }
    }
}
