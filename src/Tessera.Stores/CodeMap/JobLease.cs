namespace Tessera.Stores.CodeMap;

/// <summary>A job that one worker has until a moment that its heartbeats put off.</summary>
/// <param name="Id">Its id in the queue.</param>
/// <param name="Payload">The job, as it was pushed.</param>
/// <param name="Delivery">How often it has been handed to a worker, this time included.</param>
/// <param name="Token">Larger than that of every lease before, of this and of all other jobs: what a store is told at commit, so that a worker that lost its lease and does not know it changes nothing.</param>
/// <param name="FirstToken">The token of the job's first lease: where a store has seen one as large, for the same commit, the job is done already.</param>
public sealed record JobLease(string Id, string Payload, int Delivery, long Token, long FirstToken);
