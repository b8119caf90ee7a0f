using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Micro;

/// <summary>The nearest of k centroids for each of 20,000 vectors of 256 numbers, on one thread: against every centroid, and as k-means does it in its first iteration.</summary>
[Config(typeof(Columns))]
public class AssignmentBenchmarks
{
    private const int Rows = 20_000;
    private const int Dimension = 256;

    private Matrix _vectors = null!, _centroids = null!;
    private ProductAssigner _product = null!;
    private Assigner _chosen = null!;
    private readonly int[] _assignments = new int[Rows];

    [Params(256, 1024)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _vectors = Generated.Clustered(Rows, Dimension);
        _centroids = _vectors.Select(new SeededRandom(1).Sample(K, Rows));
        _product = new ProductAssigner(_vectors, threads: 1);
        _chosen = Assigner.Create(_vectors, seed: 1, threads: 1, CancellationToken.None);
    }

    [Benchmark(Baseline = true)]
    public void EveryCentroid() => _product.Assign(_centroids, default, _assignments, CancellationToken.None);

    [Benchmark]
    public void FirstIteration() => _chosen.Assign(_centroids, default, _assignments, CancellationToken.None);

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("G distances/s", benchmark => (double)Rows * (int)benchmark.Parameters[nameof(K)]));
    }
}
