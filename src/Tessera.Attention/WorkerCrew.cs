using System.Runtime.ExceptionServices;

namespace Tessera.Attention;

/// <summary>
/// Shares numbered pieces of work out over threads of the pool, call after call, without allocating: unlike the engine's
/// <c>Workers</c>, which starts tasks. Worker w always has pieces w, w + n, w + 2n, ... of n workers, so that what it keeps
/// between calls has its final size once each piece was done. A share whose thread has not begun when the caller is through
/// with its own is done by the caller.
/// </summary>
internal sealed class WorkerCrew : IDisposable
{
    private readonly Member[] _others;
    private readonly ManualResetEventSlim _isDone = new(false);
    private Action<int, int> _body = (_, _) => { };
    private Exception? _failure;
    private int _pieces;
    private int _working;

    /// <param name="workers">Workers, the caller among them.</param>
    public WorkerCrew(int workers)
    {
        _others = new Member[workers - 1];
        for (int i = 0; i < _others.Length; i++)
            _others[i] = new Member(this, i + 1);
    }

    private enum Share
    {
        None,
        Offered,
        Taken,
    }

    /// <summary>Calls the body with (piece, worker) for every piece; no two calls with the same worker overlap.</summary>
    public void For(int pieces, Action<int, int> body)
    {
        (_pieces, _body, _failure) = (pieces, body, null);
        int others = Math.Clamp(pieces - 1, 0, _others.Length);
        _isDone.Reset();
        // The caller counts as one, so that nobody says done before it waits.
        _working = others + 1;
        for (int i = 0; i < others; i++)
            _others[i].Offer();
        Work(0);
        for (int i = 0; i < others; i++)
            _others[i].TryWork();
        _isDone.Wait();
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    public void Dispose() => _isDone.Dispose();

    private void Work(int worker)
    {
        try
        {
            for (int piece = worker; piece < _pieces && Volatile.Read(ref _failure) is null; piece += _others.Length + 1)
                _body(piece, worker);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }

        if (Interlocked.Decrement(ref _working) == 0)
            _isDone.Set();
    }

    /// <summary>One worker's entry in the queue of the pool. It may be found there after the caller did its share, and then does nothing, or serves a later call.</summary>
    private sealed class Member(WorkerCrew crew, int worker) : IThreadPoolWorkItem
    {
        private Share _share;
        private bool _isQueued;

        public void Offer()
        {
            Interlocked.Exchange(ref _share, Share.Offered);
            if (!Interlocked.Exchange(ref _isQueued, true))
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            Interlocked.Exchange(ref _isQueued, false);
            TryWork();
        }

        public void TryWork()
        {
            if (Interlocked.CompareExchange(ref _share, Share.Taken, Share.Offered) == Share.Offered)
                crew.Work(worker);
        }
    }
}
