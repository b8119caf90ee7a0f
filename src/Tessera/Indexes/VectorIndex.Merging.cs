using Tessera.Kernels;
using Tessera.Quantization;

namespace Tessera.Indexes;

/// <content>Indexes of the same training become one.</content>
public abstract partial class VectorIndex
{
    private static long _made;

    /// <summary>The order in which the locks of two indexes are taken.</summary>
    private readonly long _number = Interlocked.Increment(ref _made);

    /// <summary>
    /// An index of the same kind, options and training without vectors in it: what several machines fill side by side, to be
    /// put together by <see cref="Merge"/>.
    /// </summary>
    public VectorIndex CreateEmpty()
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        return EmptyTwin();
    }

    /// <summary>
    /// Adds the vectors of another index of the same kind, options and training, by their codes, with their ids and tags and
    /// without those that were removed. The other index stays as it is. Searches of both go on meanwhile; adds to both wait.
    /// </summary>
    /// <param name="other">An index that <see cref="CreateEmpty"/> made of this one or of which this one was made, a copy, or one trained on the same sample with the same seed. Graphs need no training; the vectors are linked in one by one.</param>
    /// <param name="shiftIds">Whether the ids of the other index are raised by the largest id so far + 1, as those of a file whose rows come after this one's. Otherwise (default) they stay, and none may be in both.</param>
    /// <param name="options">Threads, and the seed of graphs; null for the defaults.</param>
    /// <param name="progress">Told how many vectors are in.</param>
    /// <param name="cancellationToken">Stops; the index then stays as it was.</param>
    /// <exception cref="ArgumentException">The indexes are not alike, which the message explains; an id is in both; or there would be too many vectors.</exception>
    /// <exception cref="InvalidOperationException">One of the indexes is not trained.</exception>
    public void Merge(VectorIndex other, bool shiftIds = false, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        options ??= BuildOptions.Default;
        options.Validate();
        if (ReferenceEquals(this, other))
            throw new ArgumentException("An index cannot be merged with itself; give another one.", nameof(other));
        RequireTrained();
        other.RequireTrained();
        RequireAlike(other);
        (VectorIndex first, VectorIndex second) = _number < other._number ? (this, other) : (other, this);
        lock (first._writing)
        {
            lock (second._writing)
            {
                RowSet rows = other.Catalog.Live ?? RowSet.All(other.Catalog.Rows);
                RequireRoom(rows.Count, nameof(other));
                Catalog next = Writer.Merge(other.Catalog, rows, shiftIds);
                try
                {
                    MergeCore(other, rows, next, options, progress, cancellationToken);
                }
                finally
                {
                    CommitShown(next);
                }
            }
        }
    }

    /// <summary>The same index without vectors.</summary>
    private protected abstract VectorIndex EmptyTwin();

    /// <summary>What in their training tells this index from one of the same kind, specification, dimension and metric; null where that is the same to the bit.</summary>
    private protected abstract string? DifferenceFrom(VectorIndex other);

    /// <summary>Adds rows of an index that is alike and shows searchers them and the catalog that comes with them at once; where it fails, all is as before.</summary>
    private protected abstract void MergeCore(VectorIndex other, RowSet rows, Catalog next, BuildOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);

    private void RequireAlike(VectorIndex other)
    {
        string? difference = Dimension != other.Dimension ? $"vectors of dimension {Dimension} here, {other.Dimension} there"
            : Metric != other.Metric ? $"metric {Metric} here, {other.Metric} there"
            : Specification != other.Specification || GetType() != other.GetType() ? $"{Specification} here, {other.Specification} there"
            : DifferenceFrom(other);
        if (difference is not null)
            throw new ArgumentException($"The indexes are not alike: {difference}. Fill both from CreateEmpty of one trained index.", nameof(other));
    }
}
