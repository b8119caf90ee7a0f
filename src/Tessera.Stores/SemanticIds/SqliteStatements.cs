using Microsoft.Data.Sqlite;

namespace Tessera.Stores.SemanticIds;

/// <summary>The statements that every item goes through, prepared once.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly SqliteCommand _idOf;
    private readonly SqliteCommand _itemOf;
    private readonly SqliteCommand _add;
    private readonly SqliteCommand _suffix;
    private readonly SqliteCommand _setSuffix;

    public SqliteStatements(SqliteConnection connection)
    {
        _idOf = Command(connection, "SELECT id FROM ids WHERE item = $a", "$a");
        _itemOf = Command(connection, "SELECT item FROM ids WHERE id = $a", "$a");
        // A key of the collisions was handed out before, by the Python package without a word of the item.
        _add = Command(
            connection,
            "INSERT INTO ids (item, id) SELECT $a, $b WHERE NOT EXISTS (SELECT 1 FROM ids WHERE id = $b) AND NOT EXISTS (SELECT 1 FROM collisions WHERE key = $b)",
            "$a",
            "$b");
        _suffix = Command(connection, "SELECT count FROM collisions WHERE key = $a", "$a");
        _setSuffix = Command(connection, "INSERT INTO collisions (key, count) VALUES ($a, $b) ON CONFLICT (key) DO UPDATE SET count = $b", "$a", "$b");
    }

    /// <summary>The transaction that the statements run in.</summary>
    public SqliteTransaction? Transaction
    {
        set
        {
            foreach (SqliteCommand command in All)
                command.Transaction = value;
        }
    }

    private SqliteCommand[] All => [_idOf, _itemOf, _add, _suffix, _setSuffix];

    public string? IdOf(string item) => Bound(_idOf, item).ExecuteScalar() as string;

    public string? ItemOf(string id) => Bound(_itemOf, id).ExecuteScalar() as string;

    /// <summary>Gives an item an id; false where the id is taken.</summary>
    public bool TryAdd(string item, string id) => Bound(_add, item, id).ExecuteNonQuery() == 1;

    /// <summary>The suffix to try first; 0 where there has been none.</summary>
    public long NextSuffix(string key) => Bound(_suffix, key).ExecuteScalar() as long? ?? 0;

    public void SetNextSuffix(string key, long number) => Bound(_setSuffix, key, number).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (SqliteCommand command in All)
            command.Dispose();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        command.Prepare();
        return command;
    }

    private static SqliteCommand Bound(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
