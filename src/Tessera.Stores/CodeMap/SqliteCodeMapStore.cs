using System.Data.Common;
using Microsoft.Data.Sqlite;
using Tessera.CodeMap.Storage;
using Tessera.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>
/// Maps in one SQLite file with a write-ahead log. Readers go on while a build commits; builds take turns. Not for a file on a
/// network drive, where SQLite's locks do not hold.
/// </summary>
public sealed class SqliteCodeMapStore : SqlCodeMapStore
{
    /// <summary>Written into the file's header, which tells it from other databases: "TsCm".</summary>
    private const int ApplicationId = 0x5473436D;

    private const int LongestWaitSeconds = 60;

    private readonly string _path;
    private readonly string _settings;

    /// <summary>Opens a database, which is made where there is none.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="TesseraFormatException">The file is damaged, or a database of something else.</exception>
    /// <exception cref="IOException">The file cannot be opened, or the system has no SQLite.</exception>
    public SqliteCodeMapStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
            throw new IOException($"{path} is a folder; give the name of a file in it.");
        SqliteLibrary.Load();
        _settings = new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = LongestWaitSeconds }.ToString();
        try
        {
            using var connection = new SqliteConnection(_settings);
            connection.Open();
            Prepare(connection);
        }
        catch (DbException problem)
        {
            throw Told(problem);
        }
    }

    /// <inheritdoc/>
    public override string Name => $"sqlite:{_path}";

    private protected override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_settings);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        // NORMAL: after a loss of power the last commit may be gone, never half of one; a map can be built again.
        Run(connection, "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;");
        return connection;
    }

    private protected override Task<DbTransaction> BeginReadingAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    private protected override Task<DbTransaction> BeginWritingAsync(DbConnection connection, string map, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Takes the right to write at once, so that the head that is read next cannot change before it is written.
        return Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));
    }

    private protected override Task InsertAsync<T>(SqlSession session, SqlTable<T> table, string map, IEnumerable<T> records)
    {
        string places = string.Join(", ", Enumerable.Range(0, table.Columns.Length).Select(i => $"@p{i}"));
        DbCommand? command = null;
        try
        {
            foreach (T record in records)
            {
                session.CancellationToken.ThrowIfCancellationRequested();
                object[] values = table.Values(record);
                command ??= session.Command($"INSERT INTO {table.Name} ({string.Join(", ", table.Columns)}) VALUES ({places})", [map, .. values]);
                for (int i = 0; i < values.Length; i++)
                    command.Parameters[i + 1].Value = values[i];
                command.ExecuteNonQuery();
            }
        }
        finally
        {
            command?.Dispose();
        }

        return Task.CompletedTask;
    }

    private protected override Exception Told(DbException problem) => SqliteErrors.Told(problem, _path);

    private void Prepare(SqliteConnection connection)
    {
        long tables = Scalar(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table'");
        long application = Scalar(connection, "PRAGMA application_id");
        if (application == ApplicationId)
            return;
        if (tables > 0)
            throw new TesseraFormatException(_path, "database", 0, "this is a database of something else; give the name of another file.");
        Run(connection, $"PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; PRAGMA application_id = {ApplicationId}; {SqlTables.Schema("BLOB", column => column, column => $"json_array({column})")} COMMIT;");
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
