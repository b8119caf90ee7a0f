using Microsoft.Data.Sqlite;
using Tessera.CodeMap.Models;

namespace Tessera.Stores.CodeMap;

/// <summary>
/// Keeps what models answered in one SQLite file, for all maps and all processes of this machine. It may be deleted at any time: what
/// is missing is asked for again. Not for a file on a network drive, where SQLite's locks do not hold.
/// </summary>
public sealed class SqliteModelCache : IModelCache
{
    private const int LongestWaitSeconds = 60;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly SqliteConnection _connection;

    /// <summary>Opens a cache, which is made where there is none, its folder too.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be opened or is something else, or the system has no SQLite.</exception>
    public SqliteModelCache(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        SqliteLibrary.Load();
        var settings = new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = LongestWaitSeconds };
        _connection = new SqliteConnection(settings.ToString());
        try
        {
            Guarded(() =>
            {
                _connection.Open();
                using SqliteCommand command = _connection.CreateCommand();
                command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS model_answers (key TEXT PRIMARY KEY, answer BLOB NOT NULL) WITHOUT ROWID;";
                return command.ExecuteNonQuery();
            });
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]?> Find(IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        lock (_lock)
        {
            return Guarded(() =>
            {
                using SqliteCommand command = _connection.CreateCommand();
                command.CommandText = "SELECT answer FROM model_answers WHERE key = $key";
                SqliteParameter key = command.Parameters.Add("$key", SqliteType.Text);
                var answers = new byte[]?[keys.Count];
                for (int i = 0; i < answers.Length; i++)
                {
                    key.Value = keys[i];
                    answers[i] = command.ExecuteScalar() as byte[];
                }

                return answers;
            });
        }
    }

    /// <inheritdoc/>
    public void Keep(IReadOnlyList<KeyValuePair<string, byte[]>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        lock (_lock)
        {
            Guarded(() =>
            {
                using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
                using SqliteCommand command = _connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "INSERT OR REPLACE INTO model_answers VALUES ($key, $answer)";
                SqliteParameter key = command.Parameters.Add("$key", SqliteType.Text), answer = command.Parameters.Add("$answer", SqliteType.Blob);
                foreach (KeyValuePair<string, byte[]> pair in answers)
                {
                    (key.Value, answer.Value) = (pair.Key, pair.Value);
                    command.ExecuteNonQuery();
                }

                transaction.Commit();
                return answers.Count;
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _connection.Dispose();
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException problem)
        {
            throw new IOException($"{_path}: {problem.Message} The file only keeps what models answered; it may be deleted.", problem);
        }
    }
}
