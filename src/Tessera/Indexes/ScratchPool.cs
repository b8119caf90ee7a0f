namespace Tessera.Indexes;

/// <summary>Working memory that searches borrow, so that none is allocated once as many exist as run at a time.</summary>
internal sealed class ScratchPool<T>(Func<T> create) : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<T> _free = new();

    public T Rent()
    {
        lock (_lock)
        {
            if (_free.TryPop(out T? scratch))
                return scratch;
        }

        return create();
    }

    public void Return(T scratch)
    {
        lock (_lock)
            _free.Push(scratch);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_free.TryPop(out T? scratch))
                scratch.Dispose();
        }
    }
}
