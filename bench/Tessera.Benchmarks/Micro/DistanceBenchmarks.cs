using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>One query against many rows: from the second-level cache (256 KiB) and from memory (256 MiB).</summary>
[Config(typeof(Columns))]
public class DistanceBenchmarks
{
    private float[] _query = [], _rows = [], _results = [];

    [Params(100, 784)]
    public int Dimension { get; set; }

    [Params(256, 256 * 1024)]
    public int Kibibytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int count = Rows(Kibibytes, Dimension);
        _query = Generated.Uniform(Dimension);
        _rows = Generated.Uniform(count * Dimension);
        _results = new float[count];
    }

    [Benchmark]
    public void Dots() => Distance.Dots(_query, _rows, _results);

    [Benchmark]
    public void SquaredL2s() => Distance.SquaredL2s(_query, _rows, _results);

    private static int Rows(int kibibytes, int dimension) => kibibytes * 1024 / sizeof(float) / dimension;

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("GB/s", benchmark =>
        {
            int dimension = (int)benchmark.Parameters[nameof(Dimension)];
            return (double)Rows((int)benchmark.Parameters[nameof(Kibibytes)], dimension) * dimension * sizeof(float);
        }));
    }
}
