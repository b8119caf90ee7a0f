using Tessera.Stores.CodeMap;

namespace Tessera.Cli.Code.Worker;

/// <summary>What <c>code queue</c> prints.</summary>
/// <param name="Moved">Dead letters that were requeued or discarded.</param>
internal sealed record QueueResult(string Queue, JobQueueStatus Status, IReadOnlyList<DeadLetter> DeadLetters, int Moved);
