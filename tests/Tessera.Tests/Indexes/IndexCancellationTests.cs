using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Work that is stopped anywhere leaves the index as it was, and the next attempt ends as if there had been none before.</summary>
public sealed class IndexCancellationTests
{
    private const int Dimension = 8;

    private static readonly Matrix Vectors = TestVectors.Planted(10, 220, Dimension, 0.5f, 1);
    private static readonly BuildOptions Build = new() { CoarseIterations = 3, CodebookIterations = 3, Threads = 1 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds() => ["Flat", "HNSW4", "IVF10,Flat", "IVF10,PQ4", "IVF10,PQ4x5,Refine", "IVF10,PQ4,Refine(mapped)", "PQ4x5", "RQ3x5", "IVF10,RQ2x4,Refine", "SQ8", "SQbf16", "IVF10,SQfp16", "OPQ2,IVF10,PQ4x5", "RR,Flat", "PCA6,SQ8", "Tree2x4"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_cancelled_from_the_start_changes_nothing(string specification)
    {
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        var cancelled = new CancellationToken(canceled: true);
        if (!index.IsTrained)
        {
            Assert.ThrowsAny<OperationCanceledException>(() => index.Train(Vectors, Build, cancellationToken: cancelled));
            Assert.False(index.IsTrained);
            index.Train(Vectors, Build, cancellationToken: Cancellation);
        }

        Assert.ThrowsAny<OperationCanceledException>(() => index.Add(Vectors, options: Build, cancellationToken: cancelled));
        Assert.Equal(0, index.Count);
        index.Add(Vectors, options: Build, cancellationToken: Cancellation);
        Assert.ThrowsAny<OperationCanceledException>(() => index.Search(Vectors, 10, new Neighbor[Vectors.Rows * 10], cancellationToken: cancelled));
        AssertAsIfNothingHappened(index, Vectors);
    }

    [Theory]
    [InlineData("IVF10,PQ4")]
    [InlineData("IVF10,PQ4x5,Refine")]
    [InlineData("Tree6x3")]
    [InlineData("IVF10,RQ4x5")]
    [InlineData("OPQ2,IVF10,PQ4x5")]
    public void Training_stopped_at_any_step_leaves_an_untrained_index_untrained_and_a_trained_one_as_it_was(string specification)
    {
        int steps = 0;
        using VectorIndex counted = IndexFactory.Create(specification, Dimension);
        counted.Train(Vectors, Build, new ImmediateProgress<TrainingProgress>(_ => steps++), Cancellation);
        Assert.InRange(steps, 6, 50);
        // The last report may come when nothing is left to be stopped.
        for (int step = 1; step < steps; step++)
        {
            using VectorIndex index = IndexFactory.Create(specification, Dimension);
            Assert.ThrowsAny<OperationCanceledException>(() => StopAt(step, (progress, token) => index.Train(Vectors, Build, progress, token)));
            Assert.False(index.IsTrained);

            index.Train(Vectors, Build, cancellationToken: Cancellation);
            Assert.ThrowsAny<OperationCanceledException>(() => StopAt(step, (progress, token) => index.Train(Vectors, Build with { Seed = 9 }, progress, token)));
            index.Add(Vectors, options: Build, cancellationToken: Cancellation);
            AssertAsIfNothingHappened(index, Vectors);
        }
    }

    [Theory]
    [InlineData("HNSW4")]
    [InlineData("IVF10,PQ4")]
    [InlineData("IVF10,PQ4x5,Refine")]
    [InlineData("RQ3x5")]
    public void Adding_stopped_at_any_step_adds_nothing(string specification)
    {
        using VectorIndex index = IndexFactory.Create(specification, Dimension);
        index.Train(Vectors, Build, cancellationToken: Cancellation);
        index.Add(Vectors.Slice(0, 700), options: Build, cancellationToken: Cancellation);
        int steps = 0;
        using VectorIndex counted = IndexFactory.Create(specification, Dimension);
        counted.Train(Vectors, Build, cancellationToken: Cancellation);
        counted.Add(Vectors, options: Build, progress: new ImmediateProgress<TrainingProgress>(_ => steps++), cancellationToken: Cancellation);
        Assert.InRange(steps, 2, 1000);
        // A graph grows by larger steps than from the start.
        int last = specification == "HNSW4" ? 20 : steps - 1;
        for (int step = 1; step <= last; step += Math.Max(1, last / 4))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => StopAt(
                step,
                (progress, token) => index.Add(Vectors, [.. Enumerable.Range(0, Vectors.Rows).Select(i => i + 1L)], Build, progress, token)));
            Assert.Equal(700, index.Count);
        }

        AssertAsIfNothingHappened(index, Vectors.Slice(0, 700));
    }

    private static void StopAt(int step, Action<IProgress<TrainingProgress>, CancellationToken> work)
    {
        using var source = new CancellationTokenSource();
        int steps = 0;
        work(
            new ImmediateProgress<TrainingProgress>(_ =>
            {
                if (++steps == step)
                    source.Cancel();
            }),
            source.Token);
    }

    private static void AssertAsIfNothingHappened(VectorIndex index, Matrix vectors)
    {
        using VectorIndex fresh = IndexFactory.Create(index.Specification, Dimension);
        fresh.Train(Vectors, Build, cancellationToken: Cancellation);
        fresh.Add(vectors, options: Build, cancellationToken: Cancellation);
        Assert.Equal(fresh.Count, index.Count);
        Assert.Equal(fresh.OneByOne(vectors.Slice(0, 30), 20), index.OneByOne(vectors.Slice(0, 30), 20));
    }
}
