using System.Data.Common;

namespace Tessera.Stores.CodeMap;

/// <summary>A connection within a transaction, and the few things that are done there. Parameters are named @p0, @p1, ...</summary>
internal sealed class SqlSession(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
{
    public DbConnection Connection => connection;

    public CancellationToken CancellationToken => cancellationToken;

    public DbCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every text comes from this folder; what users give goes into parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < values.Length; i++)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{i}";
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public async Task RunAsync(string sql, params object[] values)
    {
        await using DbCommand command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The rows of a query; its command goes with them.</summary>
    public Task<DbDataReader> QueryAsync(string sql, params object[] values) => Command(sql, values).ExecuteReaderAsync(cancellationToken);

    /// <summary>The records of one map.</summary>
    public async Task<List<T>> AllAsync<T>(SqlTable<T> table, string map, string rest = "", params object[] values)
    {
        var records = new List<T>();
        await using DbDataReader rows = await QueryAsync($"SELECT {string.Join(", ", table.Columns)} FROM {table.Name} WHERE map = @p0 {rest}", [map, .. values]).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            records.Add(table.Read(rows));
        return records;
    }

    /// <summary>Removes the rows of some keys.</summary>
    public async Task DeleteAsync<T>(SqlTable<T> table, string map, IEnumerable<object[]> keys)
    {
        string condition = string.Join(" AND ", table.Columns.Take(table.Keys).Select((column, i) => $"{column} = @p{i}"));
        DbCommand? command = null;
        try
        {
            foreach (object[] key in keys)
            {
                command ??= Command($"DELETE FROM {table.Name} WHERE {condition}", [map, .. key]);
                for (int i = 0; i < key.Length; i++)
                    command.Parameters[i + 1].Value = key[i];
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (command is not null)
                await command.DisposeAsync().ConfigureAwait(false);
        }
    }
}
