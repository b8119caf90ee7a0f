namespace Tessera.SemanticIds.Uniqueness;

/// <summary>
/// Which item has which id. An item keeps the id that it once got, and no two items ever have the same: not for two threads,
/// and for stores that are kept not for two processes either. Several threads may call at once.
/// </summary>
public interface ICollisionStore : IDisposable
{
    /// <summary>Items that have an id.</summary>
    long Count { get; }

    /// <summary>
    /// Gives every item its id: the one that it has; else the first free one of its semantic id, its alternatives, and the
    /// semantic id with -1, -2 and so on. All or nothing: what fails leaves no trace, and what is returned is kept.
    /// </summary>
    /// <param name="requests">Items; one may stand there several times and gets one id.</param>
    /// <param name="cancellationToken">Stops before anything is kept.</param>
    /// <returns>One id for each request.</returns>
    /// <exception cref="IOException">The store cannot be reached or written.</exception>
    string[] Assign(IReadOnlyList<IdRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>The id of an item, or null where it has none.</summary>
    string? IdOf(string item);

    /// <summary>The item of an id, or null where nothing has it.</summary>
    string? ItemOf(string id);

    /// <summary>All items and their ids, in no order.</summary>
    IEnumerable<IdAssignment> Assignments();
}
