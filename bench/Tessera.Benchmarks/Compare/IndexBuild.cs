using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>An index from its training on; trained once, filled as often as that is to be timed.</summary>
internal sealed class IndexBuild : IDisposable
{
    private readonly Request _request;
    private readonly TemporaryFolder _folder = new();
    private readonly string _trainedPath;
    private VectorIndex? _filled;

    /// <summary>Trains.</summary>
    public IndexBuild(Request request)
    {
        _request = request;
        _trainedPath = Path.Combine(_folder.Path, "trained.tsr");
        Matrix vectors = request.Data.Base;
        using VectorIndex index = Create(request);
        var options = new BuildOptions { Seed = (ulong)request.Seed, Threads = request.Threads };
        TrainSeconds = Clock.Once(() => index.Train(vectors, options));
        index.Save(_trainedPath);
    }

    public double TrainSeconds { get; }

    /// <summary>The index with all vectors in it.</summary>
    public VectorIndex Index
    {
        get
        {
            if (_filled is null)
                Add(_request.Threads);
            return _filled!;
        }
    }

    public bool Fits(Request request) => request.Index == _request.Index;

    /// <summary>Fills the trained index anew.</summary>
    /// <returns>Seconds.</returns>
    public double Add(int threads)
    {
        _filled?.Dispose();
        _filled = VectorIndex.Open(_trainedPath);
        Matrix vectors = _request.Data.Base;
        return Clock.Once(() => _filled.Add(vectors, options: new BuildOptions { Threads = threads }));
    }

    /// <summary>Bytes of the file of the filled index.</summary>
    public long FileBytes()
    {
        string path = Path.Combine(_folder.Path, "filled.tsr");
        Index.Save(path);
        long bytes = new FileInfo(path).Length;
        File.Delete(path);
        return bytes;
    }

    public void Dispose()
    {
        _filled?.Dispose();
        _folder.Dispose();
    }

    private static VectorIndex Create(Request request)
    {
        int dimension = request.Data.Base.Dimension;
        return request.Links > 0
            ? new HnswIndex(dimension, new HnswOptions { Neighbors = request.Links, EfConstruction = request.EfConstruction }, request.Metric)
            : IndexFactory.Create(request.Specification, dimension, request.Metric);
    }
}
