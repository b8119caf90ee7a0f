namespace Tessera.Stores.CodeMap;

/// <summary>A job that is not tried any more.</summary>
/// <param name="Id">Its id in the queue.</param>
/// <param name="Payload">The job, as it was pushed.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="Deliveries">How often it was handed to a worker.</param>
/// <param name="Time">When it was given up, in milliseconds since 1970, UTC.</param>
public sealed record DeadLetter(string Id, string Payload, string Reason, int Deliveries, long Time);
