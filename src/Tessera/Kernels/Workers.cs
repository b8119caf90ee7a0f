using System.Runtime.ExceptionServices;

namespace Tessera.Kernels;

/// <summary>
/// Runs numbered pieces of work on several threads. Pieces are claimed in order from one counter, so callers get the same
/// result for any number of threads as long as a piece's result depends on its number alone.
/// </summary>
internal static class Workers
{
    /// <summary>The number of threads that an option of 0 (all) or more means.</summary>
    public static int Count(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return threads == 0 ? Environment.ProcessorCount : threads;
    }

    /// <summary>Calls <paramref name="body"/> with (piece, worker) for every piece; worker is below the number of threads, and no two calls with the same worker overlap.</summary>
    public static void For(int pieces, int threads, Action<int, int> body, CancellationToken cancellationToken = default)
    {
        int workers = Math.Min(Count(threads), pieces);
        if (workers <= 1)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                body(piece, 0);
            }

            return;
        }

        int next = -1;
        Exception? failure = null;
        void Work(int worker)
        {
            try
            {
                for (int piece = Interlocked.Increment(ref next); piece < pieces; piece = Interlocked.Increment(ref next))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    body(piece, worker);
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, exception, null);
                Volatile.Write(ref next, pieces);
            }
        }

        var others = new Task[workers - 1];
        for (int i = 0; i < others.Length; i++)
        {
            int worker = i + 1;
            others[i] = Task.Factory.StartNew(() => Work(worker), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }

        Work(0);
        Task.WaitAll(others, CancellationToken.None);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
