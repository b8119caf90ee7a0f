using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>An inverted file of product codes from its training on; trained once, filled as often as that is to be timed.</summary>
internal sealed class IvfPqBuild : IDisposable
{
    private readonly Request _request;
    private readonly string _trainedPath = Path.Combine(Path.GetTempPath(), $"tessera-bench-{Environment.ProcessId}.tsr");
    private VectorIndex? _filled;

    /// <summary>Trains.</summary>
    public IvfPqBuild(Request request)
    {
        _request = request;
        Matrix vectors = request.Data.Base;
        using VectorIndex index = IndexFactory.Create($"IVF{request.Lists},PQ{request.Subquantizers}", vectors.Dimension, Metric.L2);
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

    public bool Fits(Request request) =>
        (request.Data, request.Lists, request.Subquantizers) == (_request.Data, _request.Lists, _request.Subquantizers);

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
        string path = Path.ChangeExtension(_trainedPath, ".filled.tsr");
        Index.Save(path);
        long bytes = new FileInfo(path).Length;
        File.Delete(path);
        return bytes;
    }

    public void Dispose()
    {
        _filled?.Dispose();
        File.Delete(_trainedPath);
    }
}
