using Tessera.Kernels;

namespace Tessera.Tests.Kernels;

[Trait("Category", "Kernels")]
public sealed class WorkersTests
{
    public static TheoryData<int, int> Loads() => new()
    {
        { 0, 1 }, { 0, 4 }, { 1, 1 }, { 1, 4 }, { 3, 8 }, { 1000, 1 }, { 1000, 2 }, { 1000, 5 }, { 1000, 0 },
    };

    [Theory]
    [MemberData(nameof(Loads))]
    public void Every_piece_is_done_once_by_a_worker_in_range(int pieces, int threads)
    {
        var done = new int[pieces];
        var worker = new int[pieces];

        Workers.For(pieces, threads, (piece, by) =>
        {
            Interlocked.Increment(ref done[piece]);
            worker[piece] = by;
        });

        Assert.All(done, times => Assert.Equal(1, times));
        Assert.All(worker, by => Assert.InRange(by, 0, Workers.Count(threads) - 1));
    }

    [Fact]
    public void Calls_with_the_same_worker_never_overlap()
    {
        const int Threads = 6;
        var busy = new int[Threads];
        int overlaps = 0;

        Workers.For(2000, Threads, (_, worker) =>
        {
            if (Interlocked.Exchange(ref busy[worker], 1) != 0)
                Interlocked.Increment(ref overlaps);
            Thread.Yield();
            Volatile.Write(ref busy[worker], 0);
        });

        Assert.Equal(0, overlaps);
    }

    [Fact]
    public void Several_workers_are_at_work_at_once()
    {
        using var both = new Barrier(2);

        Workers.For(2, 2, (_, _) => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(60))));

        Assert.Equal(1, both.CurrentPhaseNumber);
    }

    [Fact]
    public void Work_may_divide_itself_again()
    {
        int sum = 0;

        Workers.For(8, 4, (outer, _) => Workers.For(8, 4, (inner, _) => Interlocked.Add(ref sum, outer * 8 + inner)));

        Assert.Equal(64 * 63 / 2, sum);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_failure_ends_the_work_and_reaches_the_caller_as_it_was(int threads)
    {
        int done = 0;

        InvalidTimeZoneException failure = Assert.Throws<InvalidTimeZoneException>(() => Workers.For(100_000, threads, (piece, _) =>
        {
            if (piece == 10)
                throw new InvalidTimeZoneException("piece 10");
            Interlocked.Increment(ref done);
        }));

        Assert.Equal("piece 10", failure.Message);
        Assert.True(done < 99_999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Cancelling_ends_the_work_between_pieces(int threads)
    {
        using var cancellation = new CancellationTokenSource();
        int done = 0;

        Assert.Throws<OperationCanceledException>(() => Workers.For(100_000, threads, (piece, _) =>
        {
            if (piece == 10)
                cancellation.Cancel();
            Interlocked.Increment(ref done);
        }, cancellation.Token));

        Assert.True(done < 100_000);
    }

    [Fact]
    public void No_work_is_begun_once_cancelled()
    {
        foreach (int threads in (int[])[1, 4])
        {
            int done = 0;

            Assert.Throws<OperationCanceledException>(() => Workers.For(10, threads, (_, _) => Interlocked.Increment(ref done), new CancellationToken(true)));

            Assert.Equal(0, done);
        }
    }

    [Fact]
    public void Zero_threads_means_every_processor_and_fewer_are_refused()
    {
        Assert.Equal(Environment.ProcessorCount, Workers.Count(0));
        Assert.Equal(3, Workers.Count(3));
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => Workers.Count(-1));
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => Workers.For(1, -1, (_, _) => { }));
    }
}
