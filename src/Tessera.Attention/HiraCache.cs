using Tessera.Attention.Configuration;
using Tessera.Attention.Indexes;
using Tessera.Attention.Scoring;
using Tessera.Attention.Storage;
using Tessera.Attention.Trees;
using Tessera.Kernels;

namespace Tessera.Attention;

/// <summary>
/// The keys and values of a language model's attention, with an index of its own for each layer, and attention through them.
/// Not for use by several threads at once; one call shares its work out by itself.
/// After HIRA (later Louver, arXiv 2605.06763), with the zones and the tail estimate of RetroInfer and a certificate of our own.
/// </summary>
/// <remarks>Not worth its while for caches of fewer than some two thousand tokens: there attention is dense, and faster so.</remarks>
public sealed unsafe partial class HiraCache : IDisposable
{
    private readonly IProgress<IndexProgress>? _progress;
    private readonly BufferPool _pool = new();
    private readonly List<LayerIndex?> _layers = [];
    private readonly int _threads;
    private readonly WorkerCrew _crew;
    private readonly Action<int, int> _append;
    private readonly Action<int, int> _attend;
    private RowLayout? _layout;
    private TreeBuilder[] _builders = [];
    private HeadAttention[] _attention = [];
    private bool _isDisposed;

    // What the call in progress is about: a lambda would have to be allocated for it.
    private LayerIndex _called = null!;
    private UpdateCall _update;
    private AttendCall _query;
    private AttendOptions _options = AttendOptions.Default;

    /// <summary>Makes an empty cache; indexes are made when a layer is first updated.</summary>
    /// <param name="config">The kind of index of every layer and its settings.</param>
    /// <param name="options">Zones, storage, threads; null for the defaults.</param>
    /// <param name="progress">Told of every clustering, see <see cref="KMeansIndexConfig.Verbose"/>.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="NotSupportedException">The configuration asks for a GPU.</exception>
    public HiraCache(IndexConfig config, HiraCacheOptions? options = null, IProgress<IndexProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        Options = options ?? new HiraCacheOptions();
        Options.Validate();
        Config = config;
        foreach ((int layer, IndexConfig own) in Options.LayerConfigs)
        {
            if (own.Format is { } format && format != Format)
                throw new ArgumentException($"Layer {layer} asks for {format}, but the cache keeps {Format}: set HiraCacheOptions.Format for all layers.", nameof(options));
        }

        _progress = progress;
        _threads = Workers.Count(Options.Threads);
        _crew = new WorkerCrew(_threads);
        (_append, _attend) = (AppendUnit, AttendUnit);
    }

    /// <summary>The kind of index of every layer that <see cref="HiraCacheOptions.LayerConfigs"/> does not name.</summary>
    public IndexConfig Config { get; }

    /// <summary>Zones, storage, threads.</summary>
    public HiraCacheOptions Options { get; }

    /// <summary>How keys and values are kept.</summary>
    public KeyFormat Format => Options.Format ?? Config.Format ?? KeyFormat.F32;

    /// <summary>The index of a layer; null before its first update.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The layer is negative or beyond <see cref="HiraCacheOptions.MaxLayers"/>.</exception>
    public LayerIndex? GetIndex(int layer)
    {
        RequireLayer(layer);
        return layer < _layers.Count ? _layers[layer] : null;
    }

    /// <summary>Tokens of a text that a layer has taken in, those evicted since included: the place of the next one; 0 before the first update.</summary>
    public int GetSeqLength(int layer = 0, int batch = 0)
    {
        LayerIndex? index = GetIndex(layer);
        if (index is null)
            return 0;
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch, index.Batch);
        return index.Store(batch, 0).Length;
    }

    /// <summary>What the cache holds, layer by layer.</summary>
    public CacheInfo GetCacheInfo() => new(
        _layers.Count,
        _layers.Count(index => index is not null),
        _layers.Sum(index => (long)(index?.NumKeys ?? 0)),
        _pool.Bytes,
        [.. Enumerable.Range(0, _layers.Count).Select(GetCacheInfo)]);

    /// <summary>What the cache holds for one layer.</summary>
    public LayerInfo GetCacheInfo(int layer)
    {
        LayerIndex? index = GetIndex(layer);
        return new LayerInfo(layer, index is null ? null : new IndexInfo(
            index.Config.IndexType, index.NumKeys, index.NumClusteredKeys, index.NumLevels(), index.NumClusters, index.NumSegments, index.Batch, index.Heads));
    }

    /// <summary>Adds tokens to a layer. Nothing is changed when an argument is refused.</summary>
    /// <param name="keys">[batch, heads, sequence, dimension], after any rotary embedding.</param>
    /// <param name="values">Of the same shape.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="lengths">For texts of different lengths, how many of the tokens count for each text, from the first on; empty when all do.</param>
    /// <param name="position">Where the caller believes that these tokens stand, so that a place left over from before a crop is noticed; null leaves it unchecked.</param>
    /// <exception cref="ArgumentException">Shapes do not fit each other or what the layer holds, a number is not finite or too large for the format, or the position is not the layer's length.</exception>
    public void Update(HeadTensor keys, HeadTensor values, int layer, ReadOnlySpan<int> lengths = default, int? position = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CheckUpdate(keys, values, layer, lengths, position);
        _called = Prepare(layer, keys.Batch, keys.Heads, keys.Dimension);
        fixed (float* keyNumbers = keys.Data, valueNumbers = values.Data)
        fixed (int* lengthNumbers = lengths)
        {
            _update = new UpdateCall(new PinnedTensor(keyNumbers, keys), new PinnedTensor(valueNumbers, values), lengthNumbers);
            _crew.For(_called.Stores.Length, _append);
        }
    }

    /// <summary>Attends to the tokens that a layer holds, exactly or through its index: with every query to all, or with each to those up to its own (<see cref="AttendOptions.Causal"/>).</summary>
    /// <param name="queries">[batch, query heads, sequence, dimension]; the query heads are a multiple of the key heads, and neighbours share one (grouped queries).</param>
    /// <param name="layer">The layer.</param>
    /// <param name="output">Receives [batch, query heads, sequence, dimension], dense.</param>
    /// <param name="options">Mode and budget; null for the defaults.</param>
    /// <param name="reports">Empty, or receives a report for each [batch, query head, sequence].</param>
    /// <param name="lengths">For texts of different lengths, how many of the queries count for each text, from the first on; the others' outputs are zeros. Empty when all do.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a query is not finite, or a text has fewer tokens than causal queries.</exception>
    /// <exception cref="InvalidOperationException">The layer holds no token for one of the texts.</exception>
    public void Attend(HeadTensor queries, int layer, Span<float> output, AttendOptions? options = null, Span<HeadReport> reports = default, ReadOnlySpan<int> lengths = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _options = options ?? AttendOptions.Default;
        _called = CheckAttend(queries, layer, output, _options, reports, lengths);
        ReserveAttention();
        if (!lengths.IsEmpty)
        {
            output.Clear();
            reports.Clear();
        }

        fixed (float* numbers = queries.Data, outputs = output)
        fixed (HeadReport* reportNumbers = reports)
        fixed (int* lengthNumbers = lengths)
        {
            _query = new AttendCall(new PinnedTensor(numbers, queries), outputs, reportNumbers, lengthNumbers);
            _crew.For(_called.Stores.Length, _attend);
        }
    }

    /// <summary>Forgets the tokens of every layer from a place on.</summary>
    /// <param name="length">Tokens to keep, 0 or more; what is shorter stays as it is. 0 keeps nothing but the shapes.</param>
    public void Crop(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        foreach (HeadStore store in AllStores())
            store.Crop(length);
    }

    /// <summary>Forgets, in every layer, the tokens behind the sinks and before a place. Places do not change: <see cref="GetSeqLength"/> stays.</summary>
    /// <param name="before">The first token to keep.</param>
    public void Evict(int before)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        foreach (LayerIndex? index in _layers)
        {
            for (int unit = 0; index is not null && unit < index.Stores.Length; unit++)
                index.Evict(unit / index.Heads, unit % index.Heads, before, _builders[0]);
        }
    }

    /// <summary>Lets every text take over the tokens of another, as beam search does: text b becomes what text <paramref name="beams"/>[b] was. Trees are shared until they change.</summary>
    /// <param name="beams">A text for each new one; their number becomes the batch.</param>
    /// <exception cref="ArgumentException">There is no beam, or no such text.</exception>
    public void Reorder(ReadOnlySpan<int> beams)
    {
        if (beams.IsEmpty)
            throw new ArgumentException("There must be at least one beam.", nameof(beams));
        foreach (LayerIndex? index in _layers)
        {
            foreach (int beam in beams)
            {
                if (index is not null && (beam < 0 || beam >= index.Batch))
                    throw new ArgumentException($"Beam {beam} is none of the {index.Batch} texts of layer {index.LayerIdx}.", nameof(beams));
            }
        }

        foreach (LayerIndex? index in _layers)
        {
            if (index is null)
                continue;
            var stores = new HeadStore[beams.Length * index.Heads];
            for (int i = 0; i < stores.Length; i++)
                stores[i] = index.Store(beams[i / index.Heads], i % index.Heads).Share();
            foreach (HeadStore store in index.Stores)
                store.Release();
            index.SetShape(beams.Length, index.Heads, stores);
        }
    }

    /// <summary>Forgets everything, shapes too; the memory is kept for what comes.</summary>
    public void Reset()
    {
        foreach (HeadStore store in AllStores())
            store.Release();
        _layers.Clear();
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        Reset();
        _isDisposed = true;
        foreach (TreeBuilder builder in _builders)
            builder.Dispose();
        foreach (HeadAttention attention in _attention)
            attention.Dispose();
        _pool.Dispose();
        _crew.Dispose();
    }

    private void AppendUnit(int unit, int worker) => _called.Append(_update, unit / _called.Heads, unit % _called.Heads, _builders[worker]);

    private void AttendUnit(int unit, int worker)
    {
        int group = _query.Queries.Heads / _called.Heads, batch = unit / _called.Heads, head = unit % _called.Heads * group;
        _attention[worker].Run(_called.Stores[unit], _query, batch, head, group, _options);
    }

    /// <summary>The index of a layer, made if need be.</summary>
    private LayerIndex Prepare(int layer, int batch, int heads, int dimension)
    {
        if (_layout is null || _layout.Dimension != dimension)
        {
            _layout = new RowLayout(dimension, Format);
            foreach (TreeBuilder builder in _builders)
                builder.Dispose();
            _builders = [.. Enumerable.Range(0, _threads).Select(_ => new TreeBuilder(_pool, _layout))];
        }

        while (_layers.Count <= layer)
            _layers.Add(null);
        if (_layers[layer] is { } index)
            return index;
        index = LayerIndex.Create(layer, ConfigOf(layer), Options, _progress);
        var stores = new HeadStore[batch * heads];
        for (int i = 0; i < stores.Length; i++)
            stores[i] = new HeadStore(_pool, _layout, Options);
        index.SetShape(batch, heads, stores);
        _layers[layer] = index;
        return index;
    }

    private void ReserveAttention()
    {
        if (_attention.Length == 0)
            _attention = [.. Enumerable.Range(0, _threads).Select(_ => new HeadAttention())];
    }

    private IndexConfig ConfigOf(int layer) => Options.LayerConfigs.GetValueOrDefault(layer, Config);

    private IEnumerable<HeadStore> AllStores() => _layers.Where(index => index is not null).SelectMany(index => index!.Stores);
}
