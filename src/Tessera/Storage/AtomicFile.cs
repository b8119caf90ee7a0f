using System.Collections.Concurrent;

namespace Tessera.Storage;

/// <summary>
/// A file that appears at its path whole or not at all: it is written under a temporary name beside its target, flushed to
/// the disk, and renamed over the target by <see cref="Commit"/>. Disposed before that, or left unfinished when the process
/// exits, it leaves no trace; a killed process leaves the old file, and the temporary one (name.*.tmp) to be deleted by hand.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private static readonly ConcurrentDictionary<string, byte> Unfinished = new();

    private readonly string _target;
    private readonly string _temporary;
    private bool _done;

    static AtomicFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteUnfinished();

    private AtomicFile(string target, int bufferSize)
    {
        _target = target;
        _temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize);
        Unfinished.TryAdd(_temporary, 0);
    }

    /// <summary>Where the bytes go; it can be repositioned.</summary>
    public FileStream Stream { get; }

    /// <exception cref="IOException">The target is a directory, or its folder does not exist or cannot be written.</exception>
    public static AtomicFile Create(string path, int bufferSize = 1 << 16)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        if (Directory.Exists(target))
            throw new IOException($"{path} is a directory; give the name of a file in it.");
        return new AtomicFile(target, bufferSize);
    }

    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_done, this);
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, _target, overwrite: true);
        Unfinished.TryRemove(_temporary, out _);
        _done = true;
    }

    public void Dispose()
    {
        if (_done)
            return;
        _done = true;
        try
        {
            Stream.Dispose();
        }
        finally
        {
            File.Delete(_temporary);
            Unfinished.TryRemove(_temporary, out _);
        }
    }

    /// <summary>Deletes what threads are still writing when the process exits without waiting for them.</summary>
    internal static void DeleteUnfinished()
    {
        foreach (string temporary in Unfinished.Keys)
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Nobody is left to tell, and the other files still want deleting.
            }
        }
    }
}
