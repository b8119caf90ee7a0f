using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>Transposing rows into the panels of the matrix product; GB/s counts what is read.</summary>
[Config(typeof(Columns))]
public class PackingBenchmarks
{
    private readonly Panels _left = Panels.Left(), _right = Panels.Right();
    private float[] _rows = [];

    [Params(14, 100, 784)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup() => _rows = Generated.Uniform(MatrixProduct.BlockSize(Depth) * Depth);

    [Benchmark]
    public void Left() => _left.Pack(_rows, _rows.Length / Depth, Depth, Depth);

    [Benchmark]
    public void Right() => _right.Pack(_rows, _rows.Length / Depth, Depth, Depth);

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("GB/s", benchmark => Bytes((int)benchmark.Parameters[nameof(Depth)])));

        private static double Bytes(int depth) => (double)MatrixProduct.BlockSize(depth) * depth * sizeof(float);
    }
}
