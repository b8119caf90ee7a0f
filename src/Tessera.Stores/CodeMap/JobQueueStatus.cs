namespace Tessera.Stores.CodeMap;

/// <summary>How many jobs are where.</summary>
/// <param name="Waiting">Pushed and not handed out yet.</param>
/// <param name="Running">With a worker.</param>
/// <param name="Delayed">To be handed out again after a wait.</param>
/// <param name="Dead">Given up.</param>
/// <param name="Completed">Done since the queue began.</param>
/// <param name="Duplicates">Dropped since then, because the same was asked for by a job that was not done yet.</param>
public sealed record JobQueueStatus(long Waiting, long Running, long Delayed, long Dead, long Completed, long Duplicates);
