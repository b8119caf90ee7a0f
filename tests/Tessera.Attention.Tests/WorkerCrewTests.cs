namespace Tessera.Attention.Tests;

public sealed class WorkerCrewTests
{
    [Theory]
    [InlineData(1, 7)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    [InlineData(4, 30)]
    public void Every_piece_is_done_once_by_the_worker_that_it_belongs_to(int workers, int pieces)
    {
        using var crew = new WorkerCrew(workers);
        for (int call = 0; call < 500; call++)
        {
            var doneBy = new int[pieces];
            var isBusy = new int[workers];
            crew.For(pieces, (piece, worker) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref isBusy[worker]));
                Interlocked.Add(ref doneBy[piece], 1 + worker);
                Interlocked.Decrement(ref isBusy[worker]);
            });
            Assert.Equal(Enumerable.Range(0, pieces).Select(piece => 1 + piece % workers), doneBy);
        }
    }

    [Fact]
    public void Work_is_done_on_several_threads_at_once()
    {
        using var both = new Barrier(2);
        // Each waits for the other, so this would not end on one thread.
        using var crew = new WorkerCrew(2);
        crew.For(2, (_, _) => both.SignalAndWait());
    }

    [Fact]
    public void A_failure_comes_to_the_caller_and_the_next_call_works()
    {
        using var crew = new WorkerCrew(2);
        for (int failing = 0; failing < 4; failing++)
        {
            InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => crew.For(4, (piece, _) =>
            {
                if (piece == failing)
                    throw new InvalidOperationException($"piece {piece}");
            }));
            Assert.Equal($"piece {failing}", failure.Message);
            int done = 0;
            crew.For(4, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(4, done);
        }
    }

    [Fact]
    public async Task A_pool_whose_threads_are_all_taken_does_not_hold_up_the_caller()
    {
        using var release = new ManualResetEventSlim();
        Task[] taken = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(release.Wait, TestContext.Current.CancellationToken))];
        using var crew = new WorkerCrew(3);
        int done = 0;
        for (int call = 0; call < 1000; call++)
            crew.For(3, (_, _) => Interlocked.Increment(ref done));
        release.Set();

        Assert.Equal(3000, done);
        await Task.WhenAll(taken);
    }
}
