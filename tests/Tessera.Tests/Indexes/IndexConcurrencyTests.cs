using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Tests.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Searches side by side with each other, with adds, and with saving. Bounded by numbers of operations, not by time.</summary>
public sealed class IndexConcurrencyTests
{
    private const int Dimension = 16;
    private const int Searchers = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Metric> Kinds() => new()
    {
        { "Flat", Metric.L2 }, { "Flat", Metric.Cosine }, { "HNSW4", Metric.L2 }, { "IVF8,Flat", Metric.L2 }, { "IVF8,Flat", Metric.InnerProduct },
        { "IVF8,PQ4x4,Refine", Metric.L2 }, { "IVF8,PQ8", Metric.L2 }, { "IVF8,PQ8x6", Metric.InnerProduct }, { "IVF8,PQ8,Refine", Metric.Cosine }, { "IVF8,PQ8,Refine(mapped)", Metric.L2 },
        { "Tree2x4", Metric.L2 }, { "Tree3x3", Metric.InnerProduct },
        { "PQ8", Metric.L2 }, { "RQ4x4,Refine", Metric.Cosine }, { "SQ8", Metric.L2 }, { "SQfp16", Metric.InnerProduct }, { "IVF8,SQ8", Metric.Cosine }, { "RR,IVF8,PQ8,Refine", Metric.Cosine },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Answers_given_while_vectors_are_added_are_true_answers(string specification, Metric metric)
    {
        // Vector i has the id 10 i + 7, so that an id of a vector that does not exist is seen at once.
        const int Pieces = 60, Piece = 37, Total = Pieces * Piece;
        Matrix vectors = TestVectors.Planted(8, Total / 8 + 1, Dimension, 0.5f, 1);
        long[] ids = [.. Enumerable.Range(0, Total).Select(i => 10L * i + 7)];
        using VectorIndex index = IndexFactory.Create(specification, Dimension, metric);
        index.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        bool exact = !(specification.Contains("PQ", StringComparison.Ordinal) || specification.Contains("RQ", StringComparison.Ordinal) || specification.Contains("SQ", StringComparison.Ordinal)) || specification.Contains(",Refine", StringComparison.Ordinal);
        long added = 0;
        bool done = false;

        Task adding = Task.Run(
            () =>
            {
                for (int piece = 0; piece < Pieces; piece++)
                {
                    index.Add(vectors.Slice(piece * Piece, Piece), ids.AsSpan(piece * Piece, Piece), new BuildOptions { Threads = 1 + piece % 2 }, cancellationToken: Cancellation);
                    Volatile.Write(ref added, (piece + 1L) * Piece);
                    Thread.Yield();
                }

                Volatile.Write(ref done, true);
            },
            Cancellation);
        Task[] searching = [.. Enumerable.Range(0, Searchers).Select(searcher => Task.Run(() => Search(searcher), Cancellation))];
        await Task.WhenAll([adding, .. searching]);

        Assert.Equal(Total, index.Count);
        using VectorIndex alone = IndexFactory.Create(specification, Dimension, metric);
        alone.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        for (int piece = 0; piece < Pieces; piece++)
            alone.Add(vectors.Slice(piece * Piece, Piece), ids.AsSpan(piece * Piece, Piece), cancellationToken: Cancellation);
        if (specification != "HNSW4")
            Assert.Equal(alone.OneByOne(vectors.Slice(0, 30), 10), index.OneByOne(vectors.Slice(0, 30), 10));

        void Search(int searcher)
        {
            var random = new SeededRandom((ulong)searcher);
            var answers = new Neighbor[5 * 10];
            var options = new SearchOptions { Probes = index.Lists, Beam = index.Lists, Threads = 1 + searcher % 2 };
            long seen = 0;
            // Some searches more once everything is in.
            for (int after = 0; after < 20; after += Volatile.Read(ref done) ? 1 : 0)
            {
                int first = random.Next(Total - 5);
                long before = Volatile.Read(ref added), count = index.Count;
                if (searcher == 0)
                    index.Search(vectors.Slice(first, 5), 10, answers, options, Cancellation);
                else
                    index.Search(vectors[first], answers.AsSpan(0, 10), options);
                Assert.True(count >= seen && count >= before, $"{count} vectors after {seen} had been seen and {before} added");
                seen = count;
                for (int query = 0; query < (searcher == 0 ? 5 : 1); query++)
                    AssertTrue(vectors[first + query], answers.AsSpan(query * 10, 10), before);
            }
        }

        void AssertTrue(ReadOnlySpan<float> query, ReadOnlySpan<Neighbor> answers, long before)
        {
            long after = index.Count;
            int found = 0;
            foreach (Neighbor answer in answers)
            {
                if (answer.Id < 0)
                    break;
                found++;
                Assert.Equal(7, answer.Id % 10);
                Assert.InRange(answer.Id / 10, 0, after - 1);
                if (exact)
                    Assert.Equal(ExactNeighbors.Distance(metric, query, vectors[(int)(answer.Id / 10)]), answer.Distance, 1e-3);
            }

            // A graph may lose some of its nodes while their links change.
            Assert.InRange(found, specification == "HNSW4" ? Math.Min(1, before) : Math.Min(10, before), 10);
        }
    }

    [Theory]
    [InlineData("Flat")]
    [InlineData("IVF8,Flat")]
    [InlineData("IVF8,PQ8")]
    [InlineData("IVF8,PQ8,Refine")]
    [InlineData("Tree2x4")]
    [InlineData("IVF8,PQ8,Refine(mapped)")]
    public async Task Adds_from_several_threads_all_arrive(string specification)
    {
        const int Threads = 4, Each = 25, Piece = 11;
        Matrix vectors = TestVectors.Planted(8, Threads * Each * Piece / 8 + 1, Dimension, 0.5f, 1);
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () =>
            {
                for (int i = thread * Each; i < (thread + 1) * Each; i++)
                {
                    index.Add(
                        vectors.Slice(i * Piece, Piece),
                        [.. Enumerable.Range(i * Piece, Piece).Select(id => (long)id)],
                        new BuildOptions { Threads = 1 },
                        cancellationToken: Cancellation);
                }
            },
            Cancellation)));

        Assert.Equal(Threads * Each * Piece, index.Count);
        var all = new SearchOptions { Probes = index.Lists, Beam = index.Lists };
        Neighbor[] everything = index.OneByOne(vectors.Slice(0, 1), Threads * Each * Piece, all)[0];
        Assert.Equal(Enumerable.Range(0, Threads * Each * Piece), everything.Select(answer => (int)answer.Id).Order());
        if (specification != "IVF8,PQ8")
            Assert.All(everything, answer => Assert.Equal(ExactNeighbors.Distance(Metric.L2, vectors[0], vectors[(int)answer.Id]), answer.Distance, 1e-3));
    }

    [Theory]
    [InlineData("Flat")]
    [InlineData("IVF8,Flat")]
    [InlineData("IVF8,PQ8")]
    [InlineData("IVF8,PQ8x5,Refine")]
    [InlineData("Tree2x4")]
    public async Task A_file_saved_while_vectors_are_added_holds_the_index_of_one_moment(string specification)
    {
        const int Pieces = 40, Piece = 23;
        using var folder = new TemporaryFolder();
        Matrix vectors = TestVectors.Planted(8, Pieces * Piece / 8 + 1, Dimension, 0.5f, 1);
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);

        Task adding = Task.Run(
            () =>
            {
                for (int piece = 0; piece < Pieces; piece++)
                    index.Add(vectors.Slice(piece * Piece, Piece), options: new BuildOptions { Threads = 1 }, cancellationToken: Cancellation);
            },
            Cancellation);
        for (int i = 0; i < 12; i++)
        {
            string path = folder[$"{i}.tsr"];
            long before = index.Count;
            index.Save(path);
            using VectorIndex opened = VectorIndex.Open(path);
            Assert.InRange(opened.Count, before, index.Count);
            Assert.Equal(0, opened.Count % Piece);
            var answers = new Neighbor[Pieces * Piece];
            int found = opened.Search(vectors[0], answers, new SearchOptions { Probes = opened.Lists, Beam = opened.Lists });
            Assert.Equal(Enumerable.Range(0, (int)opened.Count), answers.Take(found).Select(answer => (int)answer.Id).Order());
        }

        await adding;
    }

    [Fact]
    public async Task Large_batches_side_by_side_with_adds_meet_sketches_of_their_own_rows_only()
    {
        // Large enough for sketches, which a batch of later rows makes for earlier ones too.
        const int Wide = 256, First = 8500, Piece = 400, Pieces = 8;
        Matrix vectors = TestVectors.LowRank(First + Pieces * Piece, Wide, 12, 0.1f, 1), queries = vectors.Slice(100, 40);
        using var index = new FlatIndex(Wide);
        index.Add(vectors.Slice(0, First), cancellationToken: Cancellation);

        Task adding = Task.Run(
            () =>
            {
                for (int piece = 0; piece < Pieces; piece++)
                    index.Add(vectors.Slice(First + piece * Piece, Piece), cancellationToken: Cancellation);
            },
            Cancellation);
        Task[] searching = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                for (int round = 0; round < 6; round++)
                {
                    long before = index.Count;
                    Neighbor[][] found = index.Together(queries, 10, new SearchOptions { Threads = 1 });
                    Assert.All(found.SelectMany(answers => answers), answer => Assert.InRange(answer.Id, 0, index.Count - 1));
                    for (int i = 0; i < queries.Rows; i++)
                        Assert.Equal(new Neighbor(100 + i, 0), found[i][0]);
                    Assert.True(index.Count >= before);
                }
            },
            Cancellation))];
        await Task.WhenAll([adding, .. searching]);

        Assert.Equal(index.OneByOne(queries, 10), index.Together(queries, 10));
    }

    [Theory]
    [InlineData("Flat")]
    [InlineData("IVF8,Flat")]
    [InlineData("IVF8,PQ8")]
    [InlineData("HNSW4")]
    [InlineData("Tree2x4")]
    public async Task Searches_side_by_side_answer_as_searches_alone(string specification)
    {
        Matrix vectors = TestVectors.Planted(8, 100, Dimension, 0.5f, 1);
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        index.Add(vectors, cancellationToken: Cancellation);
        Neighbor[][] expected = index.OneByOne(vectors, 10);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(searcher => Task.Run(
            () =>
            {
                for (int round = 0; round < 3; round++)
                    Assert.Equal(expected, searcher % 2 == 0 ? index.OneByOne(vectors, 10) : index.Together(vectors, 10));
            },
            Cancellation)));
    }

    [Fact]
    public async Task Training_waits_for_an_add_that_has_begun_and_is_then_refused()
    {
        Matrix vectors = TestVectors.Planted(8, 1000, Dimension, 0.5f, 1);
        using VectorIndex index = IndexFactory.Create("IVF8,PQ8x4", Dimension);
        index.Train(vectors, new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 }, cancellationToken: Cancellation);
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var holdsUp = new ImmediateProgress<TrainingProgress>(_ =>
        {
            begun.Set();
            goOn.Wait(Cancellation);
        });

        Task adding = Task.Run(() => index.Add(vectors, options: new BuildOptions { Threads = 1 }, progress: holdsUp, cancellationToken: Cancellation), Cancellation);
        begun.Wait(Cancellation);
        Assert.Equal(0, index.Count);
        Task training = Task.Run(() => index.Train(vectors.Slice(0, 500), new BuildOptions { Seed = 7 }, cancellationToken: Cancellation), Cancellation);
        // Searches wait for neither.
        Assert.Equal(0, index.Search(vectors[0], new Neighbor[3]));
        goOn.Set();
        await adding;

        await Assert.ThrowsAsync<InvalidOperationException>(() => training);
        Assert.Equal(8000, index.Count);
    }
}
