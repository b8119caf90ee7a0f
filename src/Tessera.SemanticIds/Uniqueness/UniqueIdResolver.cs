using Tessera.Quantization;

namespace Tessera.SemanticIds.Uniqueness;

/// <summary>Makes ids unique: the bare id for the first item that has it, then free alternatives where there are some, then <c>-1</c>, <c>-2</c>. An item that comes again keeps its id.</summary>
public sealed class UniqueIdResolver
{
    /// <summary>Items that are kept in one go: enough for the disk to be no brake, few enough that others wait milliseconds.</summary>
    private const int BatchSize = 10_000;

    /// <summary>Makes a resolver.</summary>
    /// <param name="store">Where the ids are kept; null for one in memory.</param>
    public UniqueIdResolver(ICollisionStore? store = null) => Store = store ?? new InMemoryCollisionStore();

    /// <summary>Where the ids are kept.</summary>
    public ICollisionStore Store { get; }

    /// <summary>The unique id of one item.</summary>
    /// <param name="semanticId">The id that it gets where that is free.</param>
    /// <param name="item">What the item is known by.</param>
    public string Resolve(string semanticId, string item) => Store.Assign([new IdRequest(item, semanticId)])[0];

    /// <summary>The unique ids of many items, batch by batch: what is done when something fails stays done.</summary>
    /// <param name="semanticIds">The id that each item gets where it is free.</param>
    /// <param name="items">What each item is known by.</param>
    /// <param name="alternatives">Ids to try before a suffix for an item's number; null for none.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One id for each item.</returns>
    /// <exception cref="ArgumentException">There are not as many ids as items, or one is empty.</exception>
    /// <exception cref="IOException">The store cannot be reached or written.</exception>
    public string[] Resolve(
        IReadOnlyList<string> semanticIds,
        IReadOnlyList<string> items,
        Func<int, IEnumerable<string>>? alternatives = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(semanticIds);
        ArgumentNullException.ThrowIfNull(items);
        if (semanticIds.Count != items.Count)
            throw new ArgumentException($"There are {semanticIds.Count} ids for {items.Count} items.", nameof(items));
        var unique = new string[items.Count];
        for (int start = 0; start < unique.Length; start += BatchSize)
        {
            var batch = new IdRequest[Math.Min(BatchSize, unique.Length - start)];
            for (int i = 0; i < batch.Length; i++)
                batch[i] = new IdRequest(items[start + i], semanticIds[start + i], alternatives?.Invoke(start + i));
            Store.Assign(batch, cancellationToken).CopyTo(unique, start);
            progress?.Report(new TrainingProgress("unique ids", start + batch.Length, unique.Length));
        }

        return unique;
    }
}
