namespace Tessera.Cli.Code.Worker;

/// <summary>What <c>code worker</c> prints when it ends.</summary>
internal sealed record WorkerResult(long Processed, long Failed, long Lost, long RedisErrors);
