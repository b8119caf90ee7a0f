using Tessera.Colors.Histograms;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Colors.Indexes;

/// <summary>
/// Finds the images whose histograms are about like a query's: candidates, which are then measured by transport. Vectors come in as Hellinger
/// transforms (<see cref="ColorHistogram.ToHellinger"/>) and are smoothed over neighbouring colours before they are indexed.
/// Searches may run side by side with each other and with one add.
/// </summary>
public sealed class AnnIndex : IDisposable
{
    /// <summary>Vectors that are smoothed before the first of them are added: bounds what an add of many takes beside them.</summary>
    private const int AddedTogether = 1 << 14;

    private readonly Action<string>? _warn;
    private readonly Lock _writing = new();

    /// <summary>Vectors of a hybrid's graph, which will train its codes; null when there is none, or its file brought no vectors.</summary>
    private List<(Matrix Vectors, long[] Ids)>? _graphVectors;
    private VectorIndex? _index;

    /// <summary>Makes an empty index.</summary>
    /// <param name="config">Settings; null for the defaults.</param>
    /// <param name="warn">Told when something works less well than it could; null for nobody.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting breaks a rule.</exception>
    /// <exception cref="NotSupportedException">A GPU is asked for.</exception>
    public AnnIndex(ColorConfig? config = null, Action<string>? warn = null)
    {
        Config = config ?? ColorConfig.Default;
        Config.ValidateConfig();
        _warn = warn;
        if (Config.Kind == AnnIndexKind.IvfPq)
            return;
        _index = new HnswIndex(ColorConfig.TOTAL_BINS);
        _graphVectors = Config.Kind == AnnIndexKind.Hybrid ? [] : null;
    }

    private AnnIndex(ColorConfig config, Action<string>? warn, VectorIndex index) => (Config, _warn, _index) = (config, warn, index);

    /// <summary>The settings. After training on few vectors, those that were possible with them.</summary>
    public ColorConfig Config { get; private set; }

    /// <summary>Whether vectors can be added.</summary>
    public bool IsTrained => Volatile.Read(ref _index) is { IsTrained: true };

    /// <summary>Vectors that a search can find.</summary>
    public long Count => Volatile.Read(ref _index)?.Count ?? 0;

    /// <summary>The engine's index; null before training.</summary>
    internal VectorIndex? Inner => Volatile.Read(ref _index);

    /// <summary>A part of a collection to train on: 10 to 20% of it, drawn at random, at least 39 vectors for each cell, or all of a small one.</summary>
    /// <param name="vectors">Hellinger transforms of all images.</param>
    /// <param name="seed">The same seed draws the same vectors.</param>
    public Matrix GetTrainingSubset(Matrix vectors, ulong seed = 42)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        int size = Config.TrainingSize(vectors.Rows);
        if (size == vectors.Rows)
            return vectors;
        int[] rows = new int[vectors.Rows];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = i;
        new Random((int)seed).Shuffle(rows);
        return vectors.Select(rows.AsSpan(0, size));
    }

    /// <summary>Learns the cells, then the codebooks. Few vectors give a warning, and fewer cells and bits where there could not be so many; a graph needs no training and takes no notice.</summary>
    /// <param name="vectors">Hellinger transforms of representative images: rows of 1152 numbers, such as <see cref="GetTrainingSubset"/> draws.</param>
    /// <param name="options">Seed and threads; null for the defaults.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops within a step; the index then stays as it was.</param>
    /// <exception cref="ArgumentException">The vectors are of another length, none, or not finite.</exception>
    /// <exception cref="InvalidOperationException">The index holds vectors that were coded by the training before.</exception>
    public void Train(Matrix vectors, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(vectors, nameof(vectors));
        if (vectors.Rows == 0)
            throw new ArgumentException("The training set is empty; give at least one vector.", nameof(vectors));
        lock (_writing)
        {
            if (Config.Kind != AnnIndexKind.IvfPq)
                return;
            if (Count > 0)
                throw new InvalidOperationException($"The index holds {Count} vectors that the training before has coded; make a new index to train anew.");
            Volatile.Write(ref _index, Trained(Smooth(vectors), options, progress, cancellationToken));
        }
    }

    /// <summary>Adds vectors, under the ids given or else under the numbers from the largest id so far + 1 on.</summary>
    /// <param name="vectors">Hellinger transforms: rows of 1152 numbers.</param>
    /// <param name="ids">Empty, or one non-negative id for each row.</param>
    /// <param name="options">Threads; null for the defaults.</param>
    /// <param name="progress">Told how many vectors of a block are in.</param>
    /// <param name="cancellationToken">Stops between blocks; those before stay added.</param>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    /// <exception cref="ArgumentException">The vectors are of another length or not finite, or the ids do not fit.</exception>
    public void Add(Matrix vectors, ReadOnlySpan<long> ids = default, BuildOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(vectors, nameof(vectors));
        RequireTrained();
        if (!ids.IsEmpty && ids.Length != vectors.Rows)
            throw new ArgumentException($"{ids.Length} ids for {vectors.Rows} vectors; give one for each, or none.", nameof(ids));
        lock (_writing)
        {
            for (int start = 0; start < vectors.Rows; start += AddedTogether)
            {
                int count = Math.Min(AddedTogether, vectors.Rows - start);
                AddBlock(Smooth(vectors.Slice(start, count)), ids.IsEmpty ? ids : ids.Slice(start, count), options, progress, cancellationToken);
            }
        }
    }

    /// <summary>Adds vectors in the place of those with the same ids.</summary>
    /// <param name="vectors">Hellinger transforms: rows of 1152 numbers.</param>
    /// <param name="ids">One non-negative id for each row, none twice.</param>
    /// <param name="options">Threads; null for the defaults.</param>
    /// <returns>Vectors that were replaced.</returns>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    /// <exception cref="ArgumentException">The vectors are of another length or not finite, or the ids do not fit.</exception>
    public int Update(Matrix vectors, ReadOnlySpan<long> ids, BuildOptions? options = null)
    {
        Check(vectors, nameof(vectors));
        VectorIndex index = RequireTrained();
        lock (_writing)
        {
            Matrix smoothed = Smooth(vectors);
            if (_graphVectors is null)
                return index.Update(smoothed, ids, options);
            int removed = RemoveRows(ids);
            AddBlock(smoothed, ids, options, null, default);
            return removed;
        }
    }

    /// <summary>Removes the vectors with these ids.</summary>
    /// <param name="ids">Ids; those that the index does not have are passed over.</param>
    /// <returns>Vectors removed.</returns>
    public int Remove(ReadOnlySpan<long> ids)
    {
        lock (_writing)
            return RemoveRows(ids);
    }

    /// <summary>Finds candidates, the nearest first.</summary>
    /// <param name="query">1152 numbers: a Hellinger transform, or what stands for one: it need not have length 1, and may be below zero where colours are unwanted.</param>
    /// <param name="results">Receives the candidates; its length is how many are wanted, which may be more than there are.</param>
    /// <param name="filter">Which may be answers; null for all.</param>
    /// <param name="probes">Cells to visit; 0 for the setting, more than there are for all.</param>
    /// <returns>Number of candidates; the rest of <paramref name="results"/> is <see cref="Neighbor.None"/>.</returns>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public int Search(ReadOnlySpan<float> query, Span<Neighbor> results, SearchFilter? filter = null, int probes = 0)
    {
        if (query.Length != ColorConfig.TOTAL_BINS)
            throw new ArgumentException($"The query has {query.Length} numbers, not {ColorConfig.TOTAL_BINS}.", nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegative(probes);
        VectorIndex index = RequireTrained();
        Span<float> smoothed = stackalloc float[ColorConfig.TOTAL_BINS];
        HistogramSmoothing.Apply(query, smoothed);
        // More than there are need not be looked for.
        int wanted = (int)Math.Min(results.Length, index.Count);
        results[wanted..].Fill(Neighbor.None);
        return wanted == 0 ? 0 : index.Search(smoothed, results[..wanted], new SearchOptions
        {
            Filter = filter,
            Probes = Math.Min(probes, index.Lists),
            EfSearch = index is HnswIndex ? Math.Max(64, 2 * wanted) : 0,
        });
    }

    /// <summary>
    /// What the index takes, in bytes. By formula: <c>memory_per_vector</c> (a code), <c>raw_memory_per_vector</c> (4,608),
    /// <c>compression_ratio</c>, <c>total_vectors</c>, <c>estimated_bytes</c> (all codes). As measured: <c>measured_bytes</c>
    /// (all arrays that are held: codes, ids, centroids, codebooks, spare room) and <c>measured_bytes_per_vector</c>.
    /// </summary>
    public IReadOnlyDictionary<string, double> GetMemoryUsageEstimate()
    {
        VectorIndex? index = Inner;
        double raw = ColorConfig.TOTAL_BINS * sizeof(float);
        double each = index?.Memory.CodeBytesPerVector ?? Config.CodeBytes;
        long count = Count, measured = index?.Memory.MeasuredBytes ?? 0;
        return new Dictionary<string, double>
        {
            ["memory_per_vector"] = each,
            ["raw_memory_per_vector"] = raw,
            ["compression_ratio"] = raw / each,
            ["total_vectors"] = count,
            ["estimated_bytes"] = count * each,
            ["measured_bytes"] = measured,
            ["measured_bytes_per_vector"] = count == 0 ? 0 : (double)measured / count,
        };
    }

    /// <summary>Writes the index to one file (.tsr); a killed process leaves the old file or the new.</summary>
    /// <exception cref="InvalidOperationException">The index is not trained.</exception>
    public void Save(string path) => RequireTrained().Save(path);

    /// <summary>Opens an index. The file must stay in place until the index is disposed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Told when something works less well than it could.</param>
    /// <exception cref="TesseraFormatException">The file is damaged, foreign, or no index of histograms.</exception>
    public static AnnIndex Open(string path, Action<string>? warn = null)
    {
        VectorIndex index = VectorIndex.Open(path);
        if (index.Dimension == ColorConfig.TOTAL_BINS && index.Metric == Metric.L2)
        {
            if (index is HnswIndex)
                return new AnnIndex(ColorConfig.Default with { Kind = AnnIndexKind.Hnsw }, warn, index);
            if (index is IvfPqIndex { Options: { Lists: > 0, Levels: 0 } shape })
                return new AnnIndex(new ColorConfig { Lists = shape.Lists, Subquantizers = shape.Subquantizers, Bits = shape.Bits, Probes = shape.Probes }, warn, index);
        }

        string found = $"an index {index.Specification} of dimension {index.Dimension} ({index.Metric})";
        index.Dispose();
        throw new TesseraFormatException(path, "header", 0, $"{found} is no index of colour histograms");
    }

    /// <summary>Releases mapped files.</summary>
    public void Dispose() => _index?.Dispose();

    /// <summary>A trained inverted file, and the settings that were possible with so many vectors.</summary>
    private IvfPqIndex Trained(Matrix smoothed, BuildOptions? options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ColorConfig possible = Config.ForCollection(smoothed.Rows);
        int enough = ColorConfig.PointsPerList * Config.Lists;
        if (possible != Config)
        {
            _warn?.Invoke($"{smoothed.Rows} training vectors are too few for {Config.Lists} cells and codes of {Config.Bits} bits: "
                + $"trained {possible.Lists} cells and codes of {possible.Bits} bits.");
        }
        else if (smoothed.Rows < enough)
            _warn?.Invoke($"{smoothed.Rows} training vectors are few for {Config.Lists} cells: {enough} or more find better ones.");
        var shape = new IvfPqOptions { Lists = possible.Lists, Subquantizers = possible.Subquantizers, Bits = possible.Bits, Probes = possible.Probes };
        var index = new IvfPqIndex(ColorConfig.TOTAL_BINS, shape);
        try
        {
            // A codebook has at least two centroids, so a single vector stands for two.
            index.Train(smoothed.Rows > 1 ? smoothed : Joined([smoothed, smoothed]), options, progress, cancellationToken);
        }
        catch
        {
            index.Dispose();
            throw;
        }

        Config = possible;
        return index;
    }

    private void AddBlock(Matrix smoothed, ReadOnlySpan<long> ids, BuildOptions? options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (_graphVectors is not null && Count + smoothed.Rows > Config.GraphUpTo)
            LeaveGraph(smoothed, options, progress, cancellationToken);
        if (_graphVectors is not null)
        {
            // The graph would number them itself, but the codes that may follow must have the same ids.
            long[] named = ids.IsEmpty ? [.. Enumerable.Range(0, smoothed.Rows).Select(row => NextId + row)] : ids.ToArray();
            _index!.Add(smoothed, named, options, progress, cancellationToken);
            _graphVectors.Add((smoothed, named));
            return;
        }

        _index!.Add(smoothed, ids, options, progress, cancellationToken);
    }

    private long NextId => _graphVectors!.SelectMany(block => block.Ids).DefaultIfEmpty(-1).Max() + 1;

    /// <summary>Trains codes on the graph's vectors and those to come, and moves the former into them; searches see the graph until all is there.</summary>
    private void LeaveGraph(Matrix coming, BuildOptions? options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        Matrix[] sample = [.. _graphVectors!.Select(block => block.Vectors), coming];
        IvfPqIndex codes = Trained(Joined(sample), options, progress, cancellationToken);
        foreach (var (vectors, ids) in _graphVectors!)
            codes.Add(vectors, ids, options, progress, cancellationToken);
        _graphVectors = null;
        Volatile.Write(ref _index, codes);
    }

    private int RemoveRows(ReadOnlySpan<long> ids)
    {
        VectorIndex index = RequireTrained();
        if (_graphVectors is { } kept)
        {
            var gone = new HashSet<long>(ids.Length);
            foreach (long id in ids)
                gone.Add(id);
            for (int i = 0; i < kept.Count; i++)
            {
                int[] left = [.. Enumerable.Range(0, kept[i].Ids.Length).Where(row => !gone.Contains(kept[i].Ids[row]))];
                if (left.Length < kept[i].Ids.Length)
                    kept[i] = (kept[i].Vectors.Select(left), [.. left.Select(row => kept[i].Ids[row])]);
            }
        }

        return index.Remove(ids);
    }

    private VectorIndex RequireTrained() => Volatile.Read(ref _index) is { IsTrained: true } index
        ? index
        : throw new InvalidOperationException("Index must be trained before adding or searching: call Train with representative vectors, such as GetTrainingSubset draws.");

    private static void Check(Matrix vectors, string name)
    {
        ArgumentNullException.ThrowIfNull(vectors, name);
        if (vectors.Dimension != ColorConfig.TOTAL_BINS)
            throw new ArgumentException($"The vectors have {vectors.Dimension} numbers, not {ColorConfig.TOTAL_BINS}.", name);
    }

    /// <summary>Vectors as they are indexed.</summary>
    internal static Matrix Smooth(Matrix vectors)
    {
        var smoothed = new float[vectors.Rows * ColorConfig.TOTAL_BINS];
        Parallel.For(0, vectors.Rows, row => HistogramSmoothing.Apply(vectors[row], smoothed.AsSpan(row * ColorConfig.TOTAL_BINS, ColorConfig.TOTAL_BINS)));
        return new Matrix(smoothed, ColorConfig.TOTAL_BINS);
    }

    private static Matrix Joined(Matrix[] parts)
    {
        var all = new float[parts.Sum(part => part.Span.Length)];
        int at = 0;
        foreach (Matrix part in parts)
        {
            part.Span.CopyTo(all.AsSpan(at));
            at += part.Span.Length;
        }

        return new Matrix(all, ColorConfig.TOTAL_BINS);
    }
}
