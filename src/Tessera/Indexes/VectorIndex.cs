using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Indexes;

/// <summary>
/// A searchable collection of vectors: train, add, search, save. Searches may run side by side with each other and with
/// <see cref="Add"/>; a search sees the vectors of every add that ended before it began. Make one with <see cref="IndexFactory"/>.
/// </summary>
public abstract class VectorIndex : IDisposable
{
    private protected VectorIndex(int dimension, Metric metric)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!Enum.IsDefined(metric))
            throw new ArgumentOutOfRangeException(nameof(metric), metric, "No such metric; use L2, InnerProduct or Cosine.");
        Dimension = dimension;
        Metric = metric;
    }

    /// <summary>Numbers in each vector.</summary>
    public int Dimension { get; }

    /// <summary>How vectors are compared.</summary>
    public Metric Metric { get; }

    /// <summary>The factory string that describes this index, such as <c>IVF256,PQ56</c>.</summary>
    public abstract string Specification { get; }

    /// <summary>Vectors in the index.</summary>
    public abstract long Count { get; }

    /// <summary>Whether vectors can be added; an index that needs no training always can.</summary>
    public abstract bool IsTrained { get; }

    /// <summary>Learns centroids and codebooks from a representative sample. Does nothing for an index that needs none.</summary>
    /// <exception cref="ArgumentException">The sample has another dimension, no rows, or numbers that are not finite.</exception>
    /// <exception cref="InvalidOperationException">The index holds vectors already, which were coded by the training before.</exception>
    public abstract TrainingReport Train(Matrix sample, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Adds vectors, under the ids given or else under the next numbers from <see cref="Count"/> on.</summary>
    /// <param name="vectors">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="ids">Empty, or one non-negative id for each row. Ids are not checked for uniqueness.</param>
    /// <param name="options">Threads; null for the defaults.</param>
    /// <param name="progress">Told how many vectors are in.</param>
    /// <param name="cancellationToken">Stops between blocks; nothing of this call is then added.</param>
    /// <exception cref="InvalidOperationException">The index is not trained; call <see cref="Train"/> first.</exception>
    public abstract void Add(Matrix vectors, ReadOnlySpan<long> ids = default, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Finds the nearest vectors to one query, nearest first, ties by the order of adding. Allocates nothing in steady state.</summary>
    /// <param name="query">Exactly <see cref="Dimension"/> finite numbers.</param>
    /// <param name="results">Receives the answers; its length is k.</param>
    /// <param name="options">Knobs; null for the defaults.</param>
    /// <returns>Number of answers: k, or fewer when the visited part holds fewer; the rest of <paramref name="results"/> is <see cref="Neighbor.None"/>.</returns>
    public abstract int Search(ReadOnlySpan<float> query, Span<Neighbor> results, SearchOptions? options = null);

    /// <summary>Finds the nearest vectors to each of many queries.</summary>
    /// <param name="queries">Rows of <see cref="Dimension"/> finite numbers.</param>
    /// <param name="k">Answers for each query, at least 1.</param>
    /// <param name="results">Receives k answers for each query, row after row; its length is queries.Rows * k.</param>
    /// <param name="options">Knobs; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the batch between blocks of queries.</param>
    public abstract void Search(Matrix queries, int k, Memory<Neighbor> results, SearchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>What the index takes, by formula and as measured.</summary>
    public abstract MemoryUsage Memory { get; }

    /// <summary>Writes the index to one file, first beside it and then renamed over it, so that a killed process leaves the old file or the new.</summary>
    public abstract void Save(string path);

    /// <summary>Opens an index file of any kind, mapped into memory. The file must stay in place until the index is disposed.</summary>
    /// <exception cref="TesseraFormatException">The file is damaged, foreign, or of a newer version.</exception>
    public static VectorIndex Open(string path) => IndexFile.Open(path);

    /// <summary>Releases mapped files. Searching afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the index holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
