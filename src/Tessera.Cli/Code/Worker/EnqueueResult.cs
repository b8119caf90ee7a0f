using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary>What <c>code enqueue</c> prints.</summary>
internal sealed record EnqueueResult(string Queue, CodeMapJob Job, long Waiting);
