namespace Tessera.SemanticIds.Uniqueness;

/// <summary>Ids in memory: for trials and for one run. What is to outlive the process belongs into another store.</summary>
public sealed class InMemoryCollisionStore : ICollisionStore
{
    private readonly Lock _lock = new();
    private readonly IdTable _table = new();

    /// <summary>Makes an empty store.</summary>
    public InMemoryCollisionStore()
    {
    }

    /// <summary>Makes a store of ids that were given before.</summary>
    /// <exception cref="ArgumentException">An item or an id stands there twice.</exception>
    public InMemoryCollisionStore(IEnumerable<IdAssignment> assignments)
    {
        ArgumentNullException.ThrowIfNull(assignments);
        foreach ((string item, string id) in assignments)
        {
            if (!_table.TryAdd(item, id))
                throw new ArgumentException($"Item '{item}' with id '{id}': one of the two stands there twice.", nameof(assignments));
        }
    }

    /// <inheritdoc/>
    public long Count
    {
        get
        {
            lock (_lock)
                return _table.Count;
        }
    }

    /// <inheritdoc/>
    public string[] Assign(IReadOnlyList<IdRequest> requests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        lock (_lock)
            return _table.Assign(requests, [], cancellationToken);
    }

    /// <inheritdoc/>
    public string? IdOf(string item)
    {
        lock (_lock)
            return _table.IdOf(item);
    }

    /// <inheritdoc/>
    public string? ItemOf(string id)
    {
        lock (_lock)
            return _table.ItemOf(id);
    }

    /// <inheritdoc/>
    public IEnumerable<IdAssignment> Assignments()
    {
        lock (_lock)
            return _table.Assignments();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
