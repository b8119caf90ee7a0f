using System.Diagnostics;
using StackExchange.Redis;

namespace Tessera.Stores.CodeMap;

/// <summary>A connection to a Redis server that is made anew when it has been broken for a while: the client's own attempts sometimes come to nothing though the server is back. Any number of threads may use it.</summary>
internal sealed class RedisConnection : IDisposable
{
    private const int TimeoutMilliseconds = 5_000;
    private const string Scheme = "redis://";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly ConfigurationOptions _options;
    private volatile ConnectionMultiplexer _connection;
    private long _brokenSince;

    /// <param name="configuration"><c>host:port</c> or <c>redis://host:port</c>, and what else StackExchange.Redis takes behind commas.</param>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public RedisConnection(string configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        Address = configuration.Split(',')[0];
        try
        {
            _options = ConfigurationOptions.Parse(configuration.StartsWith(Scheme, StringComparison.Ordinal) ? configuration[Scheme.Length..].TrimEnd('/') : configuration);
            // Answers are taken in by threads of the pool; where all of these are busy, a second is soon over. What is asked while
            // the server goes away may never be answered, so it must not be for long either.
            _options.SyncTimeout = Math.Max(_options.SyncTimeout, TimeoutMilliseconds);
            _connection = ConnectionMultiplexer.Connect(_options);
        }
        catch (Exception problem) when (problem is RedisConnectionException or ArgumentException)
        {
            throw new IOException($"Redis at {Address}: {problem.Message}", problem);
        }
    }

    /// <summary>Where the server is.</summary>
    public string Address { get; }

    /// <summary>Asks the server.</summary>
    /// <exception cref="IOException">It cannot be reached, or refuses.</exception>
    public T Ask<T>(Func<IDatabase, T> work)
    {
        try
        {
            T answer = work(_connection.GetDatabase());
            Volatile.Write(ref _brokenSince, 0);
            return answer;
        }
        catch (Exception problem) when (problem is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (problem is RedisConnectionException or TimeoutException)
                Renew();
            throw new IOException($"Redis at {Address}: {problem.Message}", problem);
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Renew()
    {
        lock (_lock)
        {
            bool isNew = _brokenSince == 0;
            if (!isNew && Stopwatch.GetElapsedTime(_brokenSince) < Patience)
                return;
            _brokenSince = Stopwatch.GetTimestamp();
            if (isNew)
                return;
            try
            {
                ConnectionMultiplexer broken = _connection;
                _connection = ConnectionMultiplexer.Connect(_options);
                broken.Close(allowCommandsToComplete: false);
            }
            catch (RedisConnectionException)
            {
                // Still away.
            }
        }
    }
}
