using System.CommandLine;

namespace Tessera.Cli.Code.Worker;

/// <summary>Where the queue is.</summary>
internal static class RedisOption
{
    private const string Variable = "REDIS_URL";

    public static Option<string> Create() => new("--redis")
    {
        Description = $"The Redis server with the queue: HOST:PORT, or redis://HOST:PORT ({Variable}).",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } url ? url : "127.0.0.1:6379",
    };
}
