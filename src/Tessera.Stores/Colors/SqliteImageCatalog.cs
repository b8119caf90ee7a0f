using System.Globalization;
using Microsoft.Data.Sqlite;
using Tessera.Colors.Collections;
using Tessera.Colors.Histograms;
using Tessera.Colors.Transport;
using Tessera.Storage;

namespace Tessera.Stores.Colors;

/// <summary>
/// A catalogue of images in one SQLite file with a write-ahead log: changes are transactions, so that a process that is killed leaves
/// what it had committed, and readers go on meanwhile. Not for a file on a network drive, where SQLite's locks do not hold.
/// </summary>
public sealed class SqliteImageCatalog : IImageCatalog
{
    /// <summary>Written into the file's header, which tells it from other databases: "TsCo".</summary>
    private const int ApplicationId = 0x5473436F;

    private const int LongestWaitSeconds = 60;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;

    /// <summary>Opens a database, which is made where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TesseraFormatException">The file is damaged, or no catalogue of images.</exception>
    /// <exception cref="IOException">The file cannot be opened, or the system has no SQLite.</exception>
    public SqliteImageCatalog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        SqliteLibrary.Load();
        var settings = new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = LongestWaitSeconds };
        _connection = new SqliteConnection(settings.ToString());
        try
        {
            SqliteErrors.Guard(_path, () =>
            {
                _connection.Open();
                Prepare();
                return 0;
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string? Root
    {
        get => Locked(() => Setting("root"));
        set => Locked(() => SetSetting("root", value));
    }

    /// <inheritdoc/>
    public long Revision => Locked(() => Number("revision"));

    /// <inheritdoc/>
    public long IndexedRevision
    {
        get => Locked(() => Number("indexed_revision"));
        set => Locked(() => SetSetting("indexed_revision", value.ToString(CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    public IEnumerable<CatalogRow> Rows() => Locked(() => Read(
        "SELECT id, revision, path, file_size, modified, width, height, class, tags FROM images ORDER BY id",
        row => new CatalogRow(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), ImageColumns.Time(row.GetInt64(4)), row.GetInt32(5), row.GetInt32(6),
            ImageColumns.Class(row.GetString(7)), ImageColumns.Tags(row.GetString(8)))));

    /// <inheritdoc/>
    public IReadOnlyList<KnownFile> Files() => Locked(() => Read(
        "SELECT path, id, file_size, modified, content_hash, NULL FROM images UNION ALL SELECT path, 0, file_size, modified, '', problem FROM broken ORDER BY 1",
        row => new KnownFile(row.GetString(0), row.GetInt64(1), row.GetInt64(2), ImageColumns.Time(row.GetInt64(3)), row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5))));

    /// <inheritdoc/>
    public ImageEntry? Find(long id) => Locked(() => Read(
        "SELECT id, path, file_size, modified, content_hash, width, height, class, palette, tags FROM images WHERE id = $0",
        row => new ImageEntry(
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), ImageColumns.Time(row.GetInt64(3)), row.GetString(4), row.GetInt32(5), row.GetInt32(6),
            ImageColumns.Class(row.GetString(7)), ImageColumns.Palette((byte[])row[8]), ImageColumns.Tags(row.GetString(9))),
        id).SingleOrDefault());

    /// <inheritdoc/>
    public SparseHistogram? Histogram(long id) => Locked(() => Read(
        "SELECT entries FROM histograms WHERE id = $0", row => ImageColumns.Histogram(_path, (byte[])row[0]), id).SingleOrDefault());

    /// <inheritdoc/>
    public void Apply(CatalogChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.IsEmpty)
            return;
        Locked(() => Change(revision =>
        {
            foreach (string path in changes.Removed)
                Remove(path);
            foreach (KnownFile file in changes.Broken)
            {
                Remove(file.Path);
                Run("INSERT INTO broken (path, file_size, modified, problem) VALUES ($0, $1, $2, $3)", file.Path, file.FileSize, file.Modified.Ticks, file.Problem ?? "");
            }

            foreach (KnownFile file in changes.Moved)
            {
                Run("DELETE FROM broken WHERE path = $0", file.Path);
                Run("UPDATE images SET path = $1, file_size = $2, modified = $3 WHERE id = $0", file.Id, file.Path, file.FileSize, file.Modified.Ticks);
            }

            foreach (ImageRecord image in changes.Stored)
                Store(image, revision);
        }));
    }

    /// <inheritdoc/>
    public void SetTags(long id, IEnumerable<string> tags)
    {
        string text = string.Join('\n', ImageTags.Checked(tags));
        Locked(() => Change(_ => Run("UPDATE images SET tags = $1 WHERE id = $0", id, text)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private void Store(ImageRecord image, long revision)
    {
        ImageEntry entry = image.Entry;
        Run("DELETE FROM broken WHERE path = $0", entry.Path);
        object[] values = [entry.Path, revision, entry.FileSize, entry.Modified.Ticks, entry.ContentHash, entry.Width, entry.Height, entry.Class.ToString(), ImageColumns.Palette(entry.Palette)];
        long id = (long)(Scalar(
            "UPDATE images SET revision = $1, file_size = $2, modified = $3, content_hash = $4, width = $5, height = $6, class = $7, palette = $8 WHERE path = $0 RETURNING id", values)
            ?? Scalar(
                "INSERT INTO images (path, revision, file_size, modified, content_hash, width, height, class, palette, tags) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, '') RETURNING id", values))!;
        Run("INSERT OR REPLACE INTO histograms (id, entries) VALUES ($0, $1)", id, ImageColumns.Histogram(image.Histogram));
    }

    private void Remove(string path)
    {
        Run("DELETE FROM histograms WHERE id = (SELECT id FROM images WHERE path = $0)", path);
        Run("DELETE FROM images WHERE path = $0", path);
        Run("DELETE FROM broken WHERE path = $0", path);
    }

    /// <summary>Changes the catalogue under its next revision, all or nothing.</summary>
    private void Change(Action<long> change)
    {
        // Takes the right to write at once, so that revisions do not meet.
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        long revision = Number("revision") + 1;
        change(revision);
        SetSetting("revision", revision.ToString(CultureInfo.InvariantCulture));
        transaction.Commit();
    }

    private string? Setting(string key) => Scalar("SELECT value FROM settings WHERE key = $0", key) as string;

    private long Number(string key) => Setting(key) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private void SetSetting(string key, string? value)
    {
        if (value is null)
            Run("DELETE FROM settings WHERE key = $0", key);
        else
            Run("INSERT OR REPLACE INTO settings (key, value) VALUES ($0, $1)", key, value);
    }

    private void Prepare()
    {
        long tables = (long)Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table'")!, application = (long)Scalar("PRAGMA application_id")!;
        if (application != ApplicationId && tables > 0)
            throw new TesseraFormatException(_path, "database", 0, "this is a database of something else; give the name of another folder.");
        // NORMAL: a killed process loses nothing; a loss of power may lose the last batches, which the next run does again.
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = NORMAL");
        if (application == ApplicationId)
            return;
        Run($"""
            BEGIN IMMEDIATE;
            PRAGMA application_id = {ApplicationId};
            CREATE TABLE IF NOT EXISTS images (
                id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE NOT NULL, revision INTEGER NOT NULL, file_size INTEGER NOT NULL, modified INTEGER NOT NULL,
                content_hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, class TEXT NOT NULL, palette BLOB NOT NULL, tags TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS histograms (id INTEGER PRIMARY KEY, entries BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS broken (path TEXT PRIMARY KEY NOT NULL, file_size INTEGER NOT NULL, modified INTEGER NOT NULL, problem TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
            COMMIT;
            """);
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> rowOf, params ReadOnlySpan<object> values)
    {
        var rows = new List<T>();
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
            rows.Add(rowOf(reader));
        return rows;
    }

    private object? Scalar(string sql, params ReadOnlySpan<object> values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar();
    }

    private void Run(string sql, params ReadOnlySpan<object> values)
    {
        using SqliteCommand command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i]);
        return command;
    }

    private void Locked(Action work) => Locked(() =>
    {
        work();
        return 0;
    });

    private T Locked<T>(Func<T> work)
    {
        lock (_lock)
            return SqliteErrors.Guard(_path, work);
    }
}
