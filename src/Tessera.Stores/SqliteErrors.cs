using System.Data.Common;
using Microsoft.Data.Sqlite;
using Tessera.Storage;

namespace Tessera.Stores;

/// <summary>Says in the terms of a store what SQLite reports.</summary>
internal static class SqliteErrors
{
    /// <summary>The exception to throw.</summary>
    public static Exception Told(DbException problem, string path) => problem is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB }
        ? new TesseraFormatException(path, "database", 0, $"this is no sound SQLite database: {problem.Message}")
        : new IOException($"{path}: {problem.Message}", problem);

    /// <summary>Does some work on a database.</summary>
    /// <exception cref="TesseraFormatException">The file is damaged, or no database.</exception>
    /// <exception cref="IOException">The database reports something else.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException problem)
        {
            throw Told(problem, path);
        }
    }
}
