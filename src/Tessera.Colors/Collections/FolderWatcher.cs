namespace Tessera.Colors.Collections;

/// <summary>
/// Tells when something in a folder has changed and then been quiet for a while. It does not say what: an indexing run finds that out
/// by itself, and so misses nothing when the system drops events.
/// </summary>
public sealed class FolderWatcher : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly TimeSpan _quiet;

    /// <summary>Begins to watch a folder and all folders in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="quiet">How long nothing must happen before a change is told; null for a second.</param>
    public FolderWatcher(string folder, TimeSpan? quiet = null)
    {
        _quiet = quiet ?? TimeSpan.FromSeconds(1);
        _watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Changed += (_, _) => _signal.Release();
        _watcher.Created += (_, _) => _signal.Release();
        _watcher.Deleted += (_, _) => _signal.Release();
        _watcher.Renamed += (_, _) => _signal.Release();
        // Too many events at once: something has changed, whatever it was.
        _watcher.Error += (_, _) => _signal.Release();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Waits until something has changed since the last call and been quiet.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public void Wait(CancellationToken cancellationToken)
    {
        _signal.Wait(cancellationToken);
        while (_signal.Wait(_quiet, cancellationToken))
        {
        }
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        _watcher.Dispose();
        _signal.Dispose();
    }
}
