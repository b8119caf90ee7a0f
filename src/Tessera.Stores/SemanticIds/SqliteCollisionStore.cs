using Microsoft.Data.Sqlite;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Storage;

namespace Tessera.Stores.SemanticIds;

/// <summary>
/// Ids in one SQLite file with a write-ahead log: batches are transactions that are on the disk when they return, and processes
/// take turns. Continues a file of the Python package <c>semantic-id</c>, whose table <c>collisions</c> says which ids are taken.
/// Not for a file on a network drive, where SQLite's locks do not hold.
/// </summary>
public sealed class SqliteCollisionStore : ICollisionStore
{
    /// <summary>Written into the file's header, which tells it from other databases: "TsId".</summary>
    private const int ApplicationId = 0x54734964;

    private const int LongestWaitSeconds = 60;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;

    /// <summary>Opens a database, which is made where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TesseraFormatException">The file is damaged, or no database of ids.</exception>
    /// <exception cref="IOException">The file cannot be opened, or the system has no SQLite.</exception>
    public SqliteCollisionStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new IOException($"{path} is a folder; give the name of a file in it.");
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
            _statements = new SqliteStatements(_connection);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long Count => Locked(() => Scalar<long>("SELECT count(*) FROM ids"));

    /// <inheritdoc/>
    public string[] Assign(IReadOnlyList<IdRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return Locked(() =>
        {
            var ids = new string[requests.Count];
            // Takes the right to write at once, so that what is read here cannot change before it is written.
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            _statements.Transaction = transaction;
            for (int i = 0; i < ids.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ids[i] = _statements.IdOf(requests[i].Item) ?? Take(requests[i]);
            }

            transaction.Commit();
            return ids;
        });
    }

    /// <inheritdoc/>
    public string? IdOf(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Locked(() => Outside().IdOf(item));
    }

    /// <inheritdoc/>
    public string? ItemOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Locked(() => Outside().ItemOf(id));
    }

    /// <inheritdoc/>
    public IEnumerable<IdAssignment> Assignments() => Locked(() =>
    {
        var assignments = new List<IdAssignment>();
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT item, id FROM ids";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
            assignments.Add(new IdAssignment(rows.GetString(0), rows.GetString(1)));
        return assignments;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _statements.Dispose();
            _connection.Dispose();
        }
    }

    private string Take(IdRequest request)
    {
        if (_statements.TryAdd(request.Item, request.SemanticId))
            return request.SemanticId;
        foreach (string alternative in request.Alternatives)
        {
            if (_statements.TryAdd(request.Item, alternative))
                return alternative;
        }

        for (long number = Math.Max(1, _statements.NextSuffix(request.SemanticId)); ; number++)
        {
            string id = request.WithSuffix(number);
            if (!_statements.TryAdd(request.Item, id))
                continue;
            _statements.SetNextSuffix(request.SemanticId, number + 1);
            return id;
        }
    }

    private SqliteStatements Outside()
    {
        _statements.Transaction = null;
        return _statements;
    }

    private void Prepare()
    {
        int application = CheckKind();
        string soundness = Scalar<string>("PRAGMA quick_check(1)");
        if (soundness != "ok")
            throw new TesseraFormatException(_path, "database", 0, $"the database is damaged: {soundness}");
        // FULL: a batch that was returned outlives even a loss of power.
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        if (application == ApplicationId)
            return;
        Run($"""
            BEGIN IMMEDIATE;
            PRAGMA application_id = {ApplicationId};
            CREATE TABLE IF NOT EXISTS ids (item TEXT PRIMARY KEY NOT NULL, id TEXT UNIQUE NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS collisions (key TEXT PRIMARY KEY, count INTEGER NOT NULL);
            COMMIT;
            """);
    }

    /// <summary>Refuses a database of something else, from one snapshot: another process may be making the tables just now.</summary>
    /// <returns>The mark in the file's header.</returns>
    private int CheckKind()
    {
        using SqliteTransaction snapshot = _connection.BeginTransaction(deferred: true);
        long tables = Scalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table'");
        int application = (int)Scalar<long>("PRAGMA application_id");
        bool isOriginal = tables == 1 && Scalar<long>("SELECT count(*) FROM sqlite_master WHERE name = 'collisions'") == 1;
        if (application != ApplicationId && tables > 0 && !isOriginal)
            throw new TesseraFormatException(_path, "database", 0, "this is a database of something else; give the name of another file.");
        return application;
    }

    private T Scalar<T>(string sql)
    {
        // A command takes the connection's transaction, where there is one.
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    private void Run(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private T Locked<T>(Func<T> work)
    {
        lock (_lock)
            return SqliteErrors.Guard(_path, work);
    }
}
