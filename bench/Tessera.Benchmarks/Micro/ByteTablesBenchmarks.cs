using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>Rounding one query's distance tables to bytes.</summary>
[Config(typeof(Columns))]
public class ByteTablesBenchmarks
{
    private AlignedBuffer<float> _tables = null!;
    private AlignedBuffer<byte> _bytes = null!;
    private float[] _least = [];

    [Params(8, 56, 112)]
    public int Parts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _tables = new AlignedBuffer<float>(Parts * ByteTables.Entries);
        Generated.Uniform(Parts * ByteTables.Entries).CopyTo(_tables.Span);
        _bytes = new AlignedBuffer<byte>(Parts * ByteTables.Entries);
        _least = new float[Parts];
    }

    [Benchmark]
    public unsafe float Round() => ByteTables.Round(_tables.Pointer, Parts, _bytes.Pointer, _least).Scale;

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("G entries/s", benchmark => ByteTables.Entries * (double)(int)benchmark.Parameters[nameof(Parts)]));
    }
}
