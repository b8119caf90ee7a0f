namespace Tessera.SemanticIds.Uniqueness;

/// <summary>
/// Ids in one JSON file that people can read. Every batch writes the whole file, beside its target and renamed over it; processes
/// take turns by a lock on a second file, <c>NAME.lock</c>. Not for more than some hundred thousand items, nor for ids that come one by one.
/// </summary>
public sealed class JsonCollisionStore : ICollisionStore
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly string _path;
    private IdTable _table = new();
    private string? _save;

    /// <summary>Opens a file, which appears with the first id where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="Storage.TesseraFormatException">The file is damaged or of another kind.</exception>
    public JsonCollisionStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new IOException($"{path} is a folder; give the name of a file in it.");
        Refresh();
    }

    /// <inheritdoc/>
    public long Count => Read(table => table.Count);

    /// <inheritdoc/>
    public string[] Assign(IReadOnlyList<IdRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        lock (_lock)
        {
            using FileStream turn = WaitForTurn(cancellationToken);
            Refresh();
            var added = new List<string>();
            string[] ids = _table.Assign(requests, added, cancellationToken);
            if (added.Count == 0)
                return ids;
            try
            {
                _save = JsonIdFile.Write(_path, _table.Assignments());
            }
            catch
            {
                _table.Remove(added);
                throw;
            }

            return ids;
        }
    }

    /// <inheritdoc/>
    public string? IdOf(string item) => Read(table => table.IdOf(item));

    /// <inheritdoc/>
    public string? ItemOf(string id) => Read(table => table.ItemOf(id));

    /// <inheritdoc/>
    public IEnumerable<IdAssignment> Assignments() => Read(table => table.Assignments());

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private T Read<T>(Func<IdTable, T> read)
    {
        lock (_lock)
        {
            Refresh();
            return read(_table);
        }
    }

    /// <summary>Takes in what other processes have written since; the file is only ever replaced as a whole, so no lock is needed to read it.</summary>
    private void Refresh()
    {
        if (JsonIdFile.SaveOf(_path) == _save)
            return;
        (_table, _save) = JsonIdFile.Read(_path);
    }

    private FileStream WaitForTurn(CancellationToken cancellationToken)
    {
        string path = _path + ".lock";
        long start = Environment.TickCount64;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && Environment.TickCount64 - start < LongestWait.TotalMilliseconds)
            {
                Thread.Sleep(5);
            }
        }
    }
}
