using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tessera.Stores.Tests.CodeMap;

/// <summary>A PostgreSQL server of the tests' own, in a folder that is gone afterwards; absent where PostgreSQL is not installed.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string? _programs;
    private readonly string _folder = "";
    private readonly int _port;

    public PostgresServer()
    {
        _programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "pg_ctl")))
            : null;
        if (_programs is null)
            return;
        _folder = Directory.CreateTempSubdirectory("tessera-postgres-").FullName;
        _port = FreePort();
        // The server refuses to run as root; Debian's package makes a user for it.
        if (Environment.UserName == "root")
            Run("chown", "postgres", _folder);
        RunServer("initdb", "-D", $"{_folder}/data", "-U", "tests", "--auth=trust", "--no-sync", "-E", "UTF8");
        Start();
        Dsn = $"Host=127.0.0.1;Port={_port};Username=tests;Database=postgres";
    }

    public string? Dsn { get; }

    /// <summary>A connection string with a schema of its own, or the test is skipped.</summary>
    public string Require()
    {
        Assert.SkipWhen(Dsn is null, "PostgreSQL is not installed; on Debian: apt-get install postgresql.");
        string schema = $"s{Guid.NewGuid():N}";
        using (var connection = new NpgsqlConnection(Dsn))
        {
            connection.Open();
            using NpgsqlCommand command = connection.CreateCommand();
            command.CommandText = $"CREATE SCHEMA {schema}";
            command.ExecuteNonQuery();
        }

        return $"{Dsn};Search Path={schema};Maximum Pool Size=5";
    }

    public void Start() =>
        RunServer("pg_ctl", "-D", $"{_folder}/data", "-w", "-t", "60", "-l", $"{_folder}/log", "-o", $"-p {_port} -h 127.0.0.1 -k {_folder} -c fsync=off", "start");

    /// <summary>Stops the server as a crash would.</summary>
    public void Stop() => RunServer("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "stop");

    public void Dispose()
    {
        if (_programs is null)
            return;
        if (File.Exists($"{_folder}/data/postmaster.pid"))
            Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private void RunServer(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs!, program);
        if (Environment.UserName == "root")
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else
            Run(path, arguments);
    }

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        // The server inherits the pipes and keeps them open; what it says is in its log.
        if (!process.WaitForExit(TimeSpan.FromSeconds(90)) || process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed; see {_folder}/log.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
