using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>One block of the matrix product as k-means runs it. Ratio is the time against that of the same number of operations on registers alone: 1.10 is 91% of the machine's peak.</summary>
[Config(typeof(Columns))]
public class MatrixProductBenchmarks
{
    private const int Centroids = 1024;

    private Panels _left = null!, _right = null!;
    private float[] _norms = [], _best = [], _products = [];
    private int[] _index = [];

    [Params(4, 16, 48, 100, 784)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int rows = MatrixProduct.BlockSize(Depth);
        _left = Panels.Left(Generated.Uniform(Centroids * Depth), Centroids, Depth);
        _right = Panels.Right(Generated.Uniform(rows * Depth), rows, Depth);
        _norms = Generated.Uniform(Centroids);
        _best = new float[rows];
        _index = new int[rows];
        _products = new float[rows * Centroids];
    }

    [Benchmark(Baseline = true)]
    public float Peak() => PeakArithmetic.Run((long)Operations(Depth));

    [Benchmark]
    public void Store() => MatrixProduct.Store(_left, _right, _products);

    [Benchmark]
    public void FusedArgmin() => NearestLeft.Find(_left, _norms, _right, 0, _right.PanelCount, _best, _index);

    private static double Operations(int depth) => 2.0 * Centroids * MatrixProduct.BlockSize(depth) * depth;

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("GFLOP/s", benchmark => Operations((int)benchmark.Parameters[nameof(Depth)])));
    }
}
