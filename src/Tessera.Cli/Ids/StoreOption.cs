using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Stores.SemanticIds;

namespace Tessera.Cli.Ids;

/// <summary>Where unique ids are kept: <c>memory</c>, <c>json:FILE</c>, <c>sqlite:FILE</c>, <c>redis:HOST:PORT</c>.</summary>
internal static class StoreOption
{
    public static Option<string> Create() => new("--store")
    {
        Description = "Where unique ids are kept, with --unique: memory (default), json:FILE, sqlite:FILE, redis:HOST:PORT.",
        HelpName = "STORE",
        DefaultValueFactory = _ => "memory",
    };

    public static ICollisionStore Open(string store)
    {
        int colon = store.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? store : store[..colon], place = colon < 0 ? "" : store[(colon + 1)..];
        if ((kind == "memory") != (place.Length == 0))
            throw Wrong(store);
        if (kind is "json" or "sqlite")
            OutputFile.Check(place, "--store");
        return kind switch
        {
            "memory" => new InMemoryCollisionStore(),
            "json" => new JsonCollisionStore(place),
            "sqlite" => new SqliteCollisionStore(place),
            "redis" => new RedisCollisionStore(place),
            _ => throw Wrong(store),
        };
    }

    private static UsageException Wrong(string store) => new($"--store is '{store}'; give memory, json:FILE, sqlite:FILE or redis:HOST:PORT.");
}
