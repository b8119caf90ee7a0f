namespace Tessera.SemanticIds.Uniqueness;

/// <summary>Items and ids in memory, for one thread at a time.</summary>
internal sealed class IdTable
{
    private readonly Dictionary<string, string> _idOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _itemOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _suffixes = new(StringComparer.Ordinal);

    public int Count => _idOf.Count;

    public string? IdOf(string item) => _idOf.GetValueOrDefault(item);

    public string? ItemOf(string id) => _itemOf.GetValueOrDefault(id);

    public IdAssignment[] Assignments() => [.. _idOf.Select(pair => new IdAssignment(pair.Key, pair.Value))];

    /// <summary>Takes in a pair; false where the item or the id is there already.</summary>
    public bool TryAdd(string item, string id)
    {
        if (_idOf.ContainsKey(item) || !_itemOf.TryAdd(id, item))
            return false;
        _idOf.Add(item, id);
        return true;
    }

    /// <summary>Gives all items their ids, or none where something fails.</summary>
    /// <param name="requests">The items.</param>
    /// <param name="added">Receives the items that had no id before.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public string[] Assign(IReadOnlyList<IdRequest> requests, List<string> added, CancellationToken cancellationToken)
    {
        var ids = new string[requests.Count];
        try
        {
            for (int i = 0; i < ids.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ids[i] = IdOf(requests[i].Item) ?? Take(requests[i], added);
            }
        }
        catch
        {
            Remove(added);
            throw;
        }

        return ids;
    }

    /// <summary>Forgets items, as if they had never come.</summary>
    public void Remove(List<string> items)
    {
        foreach (string item in items)
        {
            if (_idOf.Remove(item, out string? id))
                _itemOf.Remove(id);
        }

        // Suffixes that were given back are free again, and are found from the start.
        _suffixes.Clear();
    }

    private string Take(IdRequest request, List<string> added)
    {
        string id = FirstFree(request);
        TryAdd(request.Item, id);
        added.Add(request.Item);
        return id;
    }

    private string FirstFree(IdRequest request)
    {
        if (!_itemOf.ContainsKey(request.SemanticId))
            return request.SemanticId;
        foreach (string alternative in request.Alternatives)
        {
            if (!_itemOf.ContainsKey(alternative))
                return alternative;
        }

        long number = _suffixes.GetValueOrDefault(request.SemanticId);
        string id;
        do
            id = request.WithSuffix(++number);
        while (_itemOf.ContainsKey(id));
        _suffixes[request.SemanticId] = number;
        return id;
    }
}
