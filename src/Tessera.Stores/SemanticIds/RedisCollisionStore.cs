using StackExchange.Redis;
using Tessera.SemanticIds.Uniqueness;

namespace Tessera.Stores.SemanticIds;

/// <summary>
/// Ids in a Redis server: batches run as one script, which Redis lets nothing interrupt, so that any number of processes on any
/// number of machines never hand out the same id. Whether ids outlive a crash of the server is up to its configuration
/// (<c>appendonly yes</c>, <c>appendfsync always</c>). The server does nothing else while a batch runs, about 50 ms for 10,000
/// items. Not for a Redis Cluster that would spread the three keys.
/// </summary>
public sealed class RedisCollisionStore : ICollisionStore
{
    private const int PairsPerScan = 1000;
    private const int LeastTimeoutMilliseconds = 60_000;

    // KEYS: item -> id, id -> item, next suffix of an id. ARGV: for each item the item, the number of its ids, and these.
    private const string Script = """
        local answer = {}
        local at = 1
        while at <= #ARGV do
          local item, count = ARGV[at], tonumber(ARGV[at + 1])
          local id = redis.call('HGET', KEYS[1], item)
          if not id then
            for i = 1, count do
              if redis.call('HSETNX', KEYS[2], ARGV[at + 1 + i], item) == 1 then
                id = ARGV[at + 1 + i]
                break
              end
            end
            while not id do
              local next = ARGV[at + 2] .. '-' .. redis.call('HINCRBY', KEYS[3], ARGV[at + 2], 1)
              if redis.call('HSETNX', KEYS[2], next, item) == 1 then
                id = next
              end
            end
            redis.call('HSET', KEYS[1], item, id)
          end
          answer[#answer + 1] = id
          at = at + 2 + count
        end
        return answer
        """;

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly RedisKey[] _keys;

    /// <summary>Connects to a server.</summary>
    /// <param name="configuration"><c>host:port</c>, and what else StackExchange.Redis takes behind commas (<c>password=...</c>, <c>ssl=true</c>).</param>
    /// <param name="prefix">Begins the names of the three keys that hold the ids.</param>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    public RedisCollisionStore(string configuration, string prefix = "tessera:ids")
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        try
        {
            ConfigurationOptions options = ConfigurationOptions.Parse(configuration);
            // Answers are taken in by threads of the pool; where all of these are busy, a second is soon over.
            options.SyncTimeout = Math.Max(options.SyncTimeout, LeastTimeoutMilliseconds);
            _connection = ConnectionMultiplexer.Connect(options);
        }
        catch (Exception problem) when (problem is RedisConnectionException or ArgumentException)
        {
            throw new IOException($"Redis at {configuration}: {problem.Message}", problem);
        }

        _database = _connection.GetDatabase();
        _keys = [$"{prefix}:items", $"{prefix}:ids", $"{prefix}:suffixes"];
    }

    /// <inheritdoc/>
    public long Count => Guarded(() => _database.HashLength(_keys[0]));

    /// <inheritdoc/>
    public string[] Assign(IReadOnlyList<IdRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count == 0)
            return [];
        var arguments = new List<RedisValue>();
        foreach (IdRequest request in requests)
            Add(request, arguments);
        cancellationToken.ThrowIfCancellationRequested();
        return (string[])Guarded(() => _database.ScriptEvaluate(Script, _keys, [.. arguments]));
    }

    /// <inheritdoc/>
    public string? IdOf(string item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Guarded(() => _database.HashGet(_keys[0], item));
    }

    /// <inheritdoc/>
    public string? ItemOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Guarded(() => _database.HashGet(_keys[1], id));
    }

    /// <inheritdoc/>
    public IEnumerable<IdAssignment> Assignments() => Guarded(() =>
    {
        // A scan may give a pair twice while the table grows.
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (HashEntry pair in _database.HashScan(_keys[0], default, PairsPerScan))
            pairs[pair.Name!] = pair.Value!;
        return pairs.Select(pair => new IdAssignment(pair.Key, pair.Value)).ToArray();
    });

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static void Add(IdRequest request, List<RedisValue> arguments)
    {
        arguments.Add(request.Item);
        int count = arguments.Count;
        arguments.Add(0);
        arguments.Add(request.SemanticId);
        foreach (string alternative in request.Alternatives)
            arguments.Add(alternative);
        arguments[count] = arguments.Count - count - 1;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (problem is RedisConnectionException or RedisServerException or TimeoutException)
        {
            throw new IOException($"Redis, keys {string.Join(", ", _keys.Select(key => (string)key!))}: {problem.Message}", problem);
        }
    }
}
