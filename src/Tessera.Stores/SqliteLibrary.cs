using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Tessera.Stores;

/// <summary>Finds SQLite's library: the one that the system has, by the names that systems have for it.</summary>
internal static class SqliteLibrary
{
    private static readonly string[] Names = ["e_sqlite3", "libsqlite3.so.0", "libsqlite3.dylib", "sqlite3", "winsqlite3"];
    private static readonly Lock Once = new();
    private static bool _isReady;

    /// <exception cref="IOException">The system has no SQLite.</exception>
    public static void Load()
    {
        lock (Once)
        {
            if (_isReady)
                return;
            if (!Find(out _))
                throw new IOException($"SQLite is not installed here (none of {string.Join(", ", Names)} was found); install it, on Debian by 'apt-get install libsqlite3-0'.");
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => Find(out nint library) ? library : 0);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            _isReady = true;
        }
    }

    private static bool Find(out nint library)
    {
        library = 0;
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out library))
                return true;
        }

        return false;
    }
}
