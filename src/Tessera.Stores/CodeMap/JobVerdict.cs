namespace Tessera.Stores.CodeMap;

/// <summary>Whether a job that was handed out is to be done.</summary>
public enum JobVerdict
{
    /// <summary>Do it.</summary>
    Do,

    /// <summary>The same commit is asked for by a job that another worker has: this one is gone from the queue.</summary>
    Duplicate,

    /// <summary>Another job of the same repository is being done: this one comes again a little later.</summary>
    Later,

    /// <summary>The lease is lost: another worker has the job.</summary>
    Lost,
}
