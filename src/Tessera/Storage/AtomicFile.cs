namespace Tessera.Storage;

/// <summary>
/// A file that appears at its path whole or not at all: it is written under a temporary name beside its target, flushed to
/// the disk, and renamed over the target by <see cref="Commit"/>. Disposed before that, it leaves no trace; a killed
/// process leaves the old file, and the temporary one (name.*.tmp) to be deleted by hand.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private bool _done;

    private AtomicFile(string target, int bufferSize)
    {
        _target = target;
        _temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, bufferSize);
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
        }
    }
}
