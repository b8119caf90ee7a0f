using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tessera.Benchmarks.Data;
using Tessera.Benchmarks.Micro;
using Tessera.Clustering;
using Tessera.Indexes;
using Tessera.Kernels;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>Tessera, in this process.</summary>
internal sealed class TesseraRunner : IRunner
{
    private (DataSet Data, FlatIndex Index)? _flat;
    private IndexBuild? _build;

    public string Name => "Tessera";

    public string Version { get; } = typeof(KMeans).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public IReadOnlyList<string> About { get; } =
    [
        $"{(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)}-bit registers",
        CodeScan.IsAccelerated ? "codes scanned by byte permutes" : "codes scanned plainly",
    ];

    public IReadOnlyList<string> Beneath { get; } = [RuntimeInformation.FrameworkDescription];

    public IReadOnlyList<string> Methods(TaskKind task) => [""];

    /// <summary>Runs everything on little data until the runtime has compiled it for good; the peers' code comes compiled.</summary>
    public static void WarmUp()
    {
        Matrix vectors = Generated.Clustered(4096, 256);
        using var flat = new FlatIndex(vectors.Dimension);
        flat.Add(vectors);
        var results = new Neighbor[64 * 10];
        Clock.Passes(() =>
        {
            KMeans.Fit(vectors, new KMeansOptions { Clusters = 64, Iterations = 4, Init = KMeansInit.Random, Threads = 1 });
            flat.Search(vectors.Slice(0, 64), 10, results);
            flat.Search(vectors[0], results.AsSpan(0, 10));
        }, seconds: 3);
        foreach (string specification in (string[])["IVF16,PQ64", "IVF16,PQ64x4fs", "IVF16,Flat", "HNSW16"])
        {
            Clock.Passes(() =>
            {
                using VectorIndex index = IndexFactory.Create(specification, vectors.Dimension);
                index.Train(vectors, new() { CoarseIterations = 2, CodebookIterations = 2, Threads = 1 });
                index.Add(vectors, options: new() { Threads = 1 });
                index.Search(vectors.Slice(0, 64), 10, results, new SearchOptions { Threads = 1 });
            }, seconds: 3);
        }
    }

    public Reply Run(Request request) => request.Task switch
    {
        TaskKind.KMeans => Cluster(request),
        TaskKind.FlatBatch => SearchBatch(Flat(request.Data), request),
        TaskKind.FlatSingle => SearchSingly(Flat(request.Data), request),
        TaskKind.IvfTrain => new Reply { Seconds = NewBuild(request).TrainSeconds },
        TaskKind.IvfAdd or TaskKind.GraphBuild => new Reply { Seconds = Build(request).Add(request.Threads) },
        TaskKind.GraphMemory => new Reply { Bytes = Build(request).Index.Memory.MeasuredBytes },
        TaskKind.IvfSize or TaskKind.GraphSize => new Reply { Bytes = Build(request).FileBytes() },
        TaskKind.IvfSearch or TaskKind.GraphSearch => SearchBatch(Build(request).Index, request),
        TaskKind.Balanced or TaskKind.BalancedAssign or TaskKind.Mixture => ClusterTasks.Run(request),
        TaskKind.Rotation or TaskKind.ScalarScan or TaskKind.Residual => CodeTasks.Run(request),
        _ => throw new RunnerException($"Tessera knows no task {request.Task}."),
    };

    public void Dispose()
    {
        _flat?.Index.Dispose();
        _build?.Dispose();
    }

    private static Reply Cluster(Request request)
    {
        var options = new KMeansOptions
        {
            Clusters = request.Clusters,
            Iterations = request.Iterations,
            Init = KMeansInit.Random,
            MaxPointsPerCluster = 0,
            Seed = (ulong)request.Seed,
            Threads = request.Threads,
        };
        Matrix vectors = request.Data.Base;
        KMeansResult? result = null;
        double seconds = Clock.Once(() => result = KMeans.Fit(vectors, options));
        return new Reply { Seconds = seconds, Centroids = result!.Centroids.Values.ToArray() };
    }

    private static Reply SearchBatch(VectorIndex index, Request request)
    {
        Matrix queries = request.Data.Queries.Slice(0, request.QueryCount);
        var results = new Neighbor[queries.Rows * request.Neighbours];
        var options = new SearchOptions { Probes = request.Probes, EfSearch = request.Ef, Threads = request.Threads };
        double seconds = Clock.Passes(() => index.Search(queries, request.Neighbours, results, options), request.Seconds);
        return new Reply { Seconds = seconds, Ids = Array.ConvertAll(results, neighbor => (int)neighbor.Id) };
    }

    private static Reply SearchSingly(VectorIndex index, Request request)
    {
        Matrix queries = request.Data.Queries;
        var results = new Neighbor[request.Neighbours];
        double seconds = Clock.Passes(() =>
        {
            for (int i = 0; i < request.QueryCount; i++)
                index.Search(queries[i], results);
        }, request.Seconds);
        return new Reply { Seconds = seconds };
    }

    private FlatIndex Flat(DataSet data)
    {
        if (_flat?.Data != data)
        {
            _flat?.Index.Dispose();
            var index = new FlatIndex(data.Base.Dimension);
            index.Add(data.Base);
            _flat = (data, index);
        }

        return _flat.Value.Index;
    }

    private IndexBuild Build(Request request) => _build is not null && _build.Fits(request) ? _build : NewBuild(request);

    private IndexBuild NewBuild(Request request)
    {
        _build?.Dispose();
        return _build = new IndexBuild(request);
    }
}
