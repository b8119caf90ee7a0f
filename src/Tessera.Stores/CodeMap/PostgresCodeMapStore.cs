using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>Maps in a PostgreSQL database: for several workers, and for machines that have none of the sources. Records go in by COPY.</summary>
public sealed class PostgresCodeMapStore : SqlCodeMapStore
{
    // Makes the tables in turn where several begin at once: "TsCm".
    private const long SchemaLock = 0x5473436D;

    private readonly NpgsqlDataSource _source;

    private PostgresCodeMapStore(NpgsqlDataSource source, string name)
    {
        _source = source;
        Name = name;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Connects to a database and makes the tables where they are not there.</summary>
    /// <param name="dsn">Npgsql's connection string, such as <c>Host=db;Username=me;Password=...;Database=maps</c>; a search path in it chooses the schema.</param>
    /// <param name="cancellationToken">Stops the connecting.</param>
    /// <exception cref="FormatException">It is no connection string.</exception>
    /// <exception cref="IOException">The server does not answer, or refuses.</exception>
    public static async Task<PostgresCodeMapStore> OpenAsync(string dsn, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(dsn);
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(dsn);
        }
        catch (ArgumentException problem)
        {
            throw new FormatException($"The connection string of PostgreSQL is wrong: {problem.Message}", problem);
        }

        var store = new PostgresCodeMapStore(NpgsqlDataSource.Create(settings), $"postgres:{settings.Host}/{settings.Database}");
        try
        {
            await store.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch (Exception problem)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            if (problem is DbException refused)
                throw store.Told(refused);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) => await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    private protected override async Task<DbTransaction> BeginReadingAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);

    private protected override async Task<DbTransaction> BeginWritingAsync(DbConnection connection, string map, CancellationToken cancellationToken)
    {
        DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        // Held until the end of the transaction: builds of one map take turns, those of others do not wait.
        await new SqlSession(connection, transaction, cancellationToken).RunAsync("SELECT pg_advisory_xact_lock(hashtextextended(@p0, 0))", $"tessera code map {map}").ConfigureAwait(false);
        return transaction;
    }

    private protected override async Task InsertAsync<T>(SqlSession session, SqlTable<T> table, string map, IEnumerable<T> records)
    {
        var connection = (NpgsqlConnection)session.Connection;
        await using NpgsqlBinaryImporter writer = await connection.BeginBinaryImportAsync($"COPY {table.Name} ({string.Join(", ", table.Columns)}) FROM STDIN (FORMAT BINARY)", session.CancellationToken).ConfigureAwait(false);
        foreach (T record in records)
        {
            await writer.StartRowAsync(session.CancellationToken).ConfigureAwait(false);
            await writer.WriteAsync(map, NpgsqlDbType.Text, session.CancellationToken).ConfigureAwait(false);
            foreach (object value in table.Values(record))
            {
                Task written = value switch
                {
                    string text => writer.WriteAsync(text, NpgsqlDbType.Text, session.CancellationToken),
                    int number => writer.WriteAsync(number, NpgsqlDbType.Integer, session.CancellationToken),
                    byte[] bytes => writer.WriteAsync(bytes, NpgsqlDbType.Bytea, session.CancellationToken),
                    _ => throw new NotSupportedException($"{table.Name} has a value of {value.GetType()}."),
                };
                await written.ConfigureAwait(false);
            }
        }

        await writer.CompleteAsync(session.CancellationToken).ConfigureAwait(false);
    }

    private protected override Exception Told(DbException problem) =>
        new IOException($"{Name}: {(problem.InnerException is SocketException or IOException or TimeoutException ? $"{problem.Message} ({problem.InnerException.Message})" : problem.Message)}", problem);

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var session = new SqlSession(connection, transaction, cancellationToken);
        await session.RunAsync("SELECT pg_advisory_xact_lock(@p0)", SchemaLock).ConfigureAwait(false);
        await using (DbCommand known = session.Command("SELECT to_regclass('hirag_cluster') IS NOT NULL"))
        {
            if (await known.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
                return;
        }

        await session.RunAsync(SqlTables.Schema("BYTEA", column => $"{column}::jsonb", column => $"jsonb_build_array({column})")).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
