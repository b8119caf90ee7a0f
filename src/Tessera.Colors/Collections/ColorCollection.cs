using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Tessera.Colors.Indexes;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Colors.Collections;

/// <summary>
/// Images that are searched by colour. A search takes candidates from an index of codes (or, in a small collection, all images) and
/// ranks them by partial transport. Searches may run side by side with each other and with <see cref="Refresh"/>; each works on the
/// collection as it was when it began.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A collection of images, as people say; not of the framework's collections.")]
public sealed class ColorCollection : IDisposable
{
    private const int TunedImages = 20_000;
    private const int TuningQueries = 200;

    private readonly IImageCatalog _catalog;
    private readonly CollectionFolder? _folder;
    private readonly Lock _refreshing = new();
    private readonly ConcurrentBag<SearchScratch> _scratch = [];
    private CollectionState _state;
    private long _filesRevision;
    private bool _isDisposed;

    private ColorCollection(IImageCatalog catalog, CollectionFolder? folder)
    {
        _catalog = catalog;
        _folder = folder;
        _state = LoadFiles();
    }

    /// <summary>Images that a search can find.</summary>
    public int Count => _state.Columns.Count;

    /// <summary>The catalogue's revision that searches see.</summary>
    public long Revision => _state.Revision;

    /// <summary>The indexed folder; null for a collection that has none.</summary>
    public string? Root => _catalog.Root;

    /// <summary>Opens a collection. What the saved files lack, because indexing was stopped, is read from the catalogue.</summary>
    /// <param name="catalog">The catalogue, which the collection then owns.</param>
    /// <param name="folder">The folder of the saved files; null for a collection that lives in memory.</param>
    public static ColorCollection Open(IImageCatalog catalog, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ColorCollection(catalog, folder is null ? null : new CollectionFolder(folder));
    }

    /// <summary>Finds the images whose colours are most like a query's.</summary>
    /// <param name="query">What is wanted.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ColorSearchResult Search(ColorQuery query, ColorSearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        options ??= ColorSearchOptions.Default;
        options.Validate();
        CollectionState state = Acquire();
        SearchScratch scratch = _scratch.TryTake(out SearchScratch? free) ? free : new SearchScratch();
        try
        {
            return new ColorSearch(state, _catalog, query, options, scratch).Run(cancellationToken);
        }
        finally
        {
            _scratch.Add(scratch);
            state.Files.Release();
        }
    }

    /// <summary>Finds the images whose colours are most like those of one in the collection, which is not among the answers.</summary>
    /// <param name="id">The image.</param>
    /// <param name="options">How to search; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="KeyNotFoundException">There is no such image.</exception>
    public ColorSearchResult Similar(long id, ColorSearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= ColorSearchOptions.Default;
        SparseHistogram histogram = _catalog.Histogram(id) ?? throw new KeyNotFoundException($"There is no image {id} in the collection.");
        ColorSearchResult result = Search(ColorQuery.Of(histogram), options with { K = Math.Min(options.K + 1, ColorSearchOptions.MostAnswers) }, cancellationToken);
        return result with { Hits = [.. result.Hits.Where(hit => hit.Image.Id != id).Take(options.K)] };
    }

    /// <summary>An image; null where there is none with this id.</summary>
    public ImageEntry? Image(long id) => _catalog.Find(id);

    /// <summary>Where the file of an image is.</summary>
    /// <exception cref="InvalidOperationException">The collection has no folder.</exception>
    public string FullPath(ImageEntry image)
    {
        ArgumentNullException.ThrowIfNull(image);
        string root = Root ?? throw new InvalidOperationException("The collection is not of a folder.");
        return Path.Combine(root, image.Path.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>Counts what the images that pass a filter are.</summary>
    /// <param name="filter">The filter; null for all images.</param>
    public Facets Facets(ImageFilter? filter = null)
    {
        CollectionState state = _state;
        return state.Columns.CountFacets(filter is null || filter.IsOpen ? null : state.Passing(filter).Rows);
    }

    /// <summary>Replaces the tags of an image.</summary>
    /// <param name="id">The image.</param>
    /// <param name="tags">Texts of one line that are not blank.</param>
    public void SetTags(long id, IEnumerable<string> tags)
    {
        _catalog.SetTags(id, tags);
        Refresh();
    }

    /// <summary>Takes in what was changed in the catalogue, by this process or another.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Refresh()
    {
        lock (_refreshing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            CollectionState old = _state;
            if (_catalog.Revision == old.Revision)
                return false;
            if (_catalog.IndexedRevision != _filesRevision)
            {
                _state = LoadFiles();
                old.Files.Release();
            }
            else
            {
                _state = StateLoader.Load(_catalog, old.Files, _filesRevision, old.Revision);
            }

            return true;
        }
    }

    /// <summary>Saves the index and the histograms, so that the next process opens them at once. The old files stay until the new ones are whole.</summary>
    /// <param name="config">Settings to train the index anew with; null keeps what was trained until many images have changed, and takes the defaults then and the first time.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the old files then stay.</param>
    /// <exception cref="InvalidOperationException">The collection lives in memory.</exception>
    public void Save(ColorConfig? config = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (_folder is null)
            throw new InvalidOperationException("The collection lives in memory; open it with a folder to save it.");
        Refresh();
        lock (_refreshing)
        {
            CollectionState state = _state;
            if (config is null && state.Revision == _filesRevision && state.Files.Histograms is not null)
                return;
            _folder.Save(state, config, progress, cancellationToken);
            _catalog.IndexedRevision = state.Revision;
            _folder.DeleteAllBut(state.Revision);
            _state = LoadFiles();
            state.Files.Release();
        }
    }

    /// <summary>Trains an index of the images as they are, for a collection that lives in memory.</summary>
    /// <param name="config">Settings of the index; null for the defaults.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the collection then stays as it was.</param>
    public void BuildIndex(ColorConfig? config = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Refresh();
        lock (_refreshing)
        {
            CollectionState state = _state;
            var files = new CollectionFiles(null, CandidateIndex.Build(state.Columns.Ids, state.EntriesOf, config ?? ColorConfig.Default, progress, cancellationToken));
            _state = StateLoader.Load(_catalog, files, 0, state.Revision);
            state.Files.Release();
        }
    }

    /// <summary>Measures settings of the index on the collection's own images, against exact search: on all of them, or a sample of a large collection.</summary>
    /// <param name="options">What to try; null for the presets.</param>
    /// <param name="progress">Told of each setting measured.</param>
    /// <param name="cancellationToken">Stops between searches.</param>
    /// <exception cref="InvalidOperationException">The collection is empty.</exception>
    public AnnTuning Tune(AnnTuningOptions? options = null, IProgress<AnnSetting>? progress = null, CancellationToken cancellationToken = default)
    {
        CollectionState state = Acquire();
        try
        {
            if (state.Columns.Count == 0)
                throw new InvalidOperationException("The collection is empty; there is nothing to tune on.");
            var random = new SeededRandom(42, 0x7);
            int[] rows = random.Sample(Math.Min(TunedImages, state.Columns.Count), state.Columns.Count);
            int[] asked = random.Sample(Math.Min(TuningQueries, rows.Length), rows.Length);
            Matrix vectors = CandidateIndex.VectorsOf(rows, state.EntriesOf);
            return AnnTuning.Tune(vectors, vectors.Select(asked), options, null, progress, cancellationToken);
        }
        finally
        {
            state.Files.Release();
        }
    }

    /// <summary>What the collection is and takes.</summary>
    public ColorCollectionInfo Describe()
    {
        CollectionState state = Acquire();
        try
        {
            long entries = 0;
            for (int row = 0; row < state.Columns.Count; row++)
                entries += state.EntriesOf(row).Length;
            CandidateIndex? index = state.Files.Index;
            return new ColorCollectionInfo(state.Columns.Count, state.Recent, index?.Description ?? "", index?.Bytes.PerImage ?? 0, index?.Bytes.Measured ?? 0, entries * sizeof(uint));
        }
        finally
        {
            state.Files.Release();
        }
    }

    /// <summary>Closes the collection and its catalogue.</summary>
    public void Dispose()
    {
        lock (_refreshing)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _state.Files.Release();
            _catalog.Dispose();
        }
    }

    /// <summary>The image at a place in the order of ids.</summary>
    internal ImageEntry RandomImage(int place) => _catalog.Find(_state.Columns.Ids[place])!;

    /// <summary>The colours of an image that is there.</summary>
    internal SparseHistogram HistogramOf(long id) => _catalog.Histogram(id)!;

    /// <summary>The distances of the best answers, by solving the transport of every image.</summary>
    internal double[] TrueDistances(ColorQuery query, ColorSearchOptions options, CancellationToken cancellationToken)
    {
        CollectionState state = Acquire();
        try
        {
            TransportQuery prepared = query.Prepare(options.Cost);
            var distances = new double[state.Columns.Count];
            Parallel.For(0, distances.Length, new ParallelOptions { CancellationToken = cancellationToken }, () => new PartialTransport(), (row, _, transport) =>
            {
                ReadOnlySpan<uint> entries = state.EntriesOf(row).Span;
                distances[row] = Math.Max(0, transport.Exact(prepared, entries)) + PartialTransport.Excess(prepared, entries);
                return transport;
            }, _ => { });
            Array.Sort(distances);
            return distances[..Math.Min(options.K, distances.Length)];
        }
        finally
        {
            state.Files.Release();
        }
    }

    private CollectionState LoadFiles()
    {
        _filesRevision = _catalog.IndexedRevision;
        CollectionFiles files = _folder?.Open(_filesRevision) ?? new CollectionFiles(null, null);
        return StateLoader.Load(_catalog, files, files.Histograms is null ? 0 : _filesRevision, files.Histograms is null ? 0 : _filesRevision);
    }

    private CollectionState Acquire()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
            CollectionState state = Volatile.Read(ref _state);
            // It fails where the state has just been replaced and its files closed.
            if (state.Files.TryAcquire())
                return state;
        }
    }
}
