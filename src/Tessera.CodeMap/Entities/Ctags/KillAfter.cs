using System.ComponentModel;
using System.Diagnostics;

namespace Tessera.CodeMap.Entities.Ctags;

/// <summary>
/// Kills a process that has not answered by the time that this is disposed of; reading from it then ends. Reading can so block
/// its own thread: an asynchronous read would need one of the pool, and those may all be waiting for their turn.
/// </summary>
internal sealed class KillAfter : IDisposable
{
    private const int Waiting = 0, Answered = 1, Killed = 2;

    private readonly Timer _timer;
    private int _state = Waiting;

    public KillAfter(Process process, TimeSpan limit)
    {
        _timer = new Timer(_ =>
        {
            if (Interlocked.CompareExchange(ref _state, Killed, Waiting) == Waiting)
                Kill(process);
        });
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it took too long.</summary>
    public bool IsOver => Volatile.Read(ref _state) == Killed;

    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        Interlocked.CompareExchange(ref _state, Answered, Waiting);
        _timer.Dispose();
    }
}
