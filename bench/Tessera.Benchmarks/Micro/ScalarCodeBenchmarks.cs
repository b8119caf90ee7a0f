using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Micro;

/// <summary>One query against many scalar codes, from the second-level cache and from memory, beside reading the same bytes alone.</summary>
[Config(typeof(Columns))]
public class ScalarCodeBenchmarks
{
    private readonly float[] _vector = Generated.Uniform(Dimension);
    private readonly ScalarQuery _query = new(Dimension);
    private ScalarQuantizer _quantizer = new(Dimension);
    private byte[] _codes = [];
    private float[] _results = [];

    private const int Dimension = 128;

    [Params(ScalarCode.EightBit, ScalarCode.Half, ScalarCode.BFloat)]
    public ScalarCode Code { get; set; }

    [Params(256, 256 * 1024)]
    public int Kibibytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _quantizer = new ScalarQuantizer(Dimension, Code);
        var sample = new Matrix(Generated.Uniform(1000 * Dimension), Dimension);
        _quantizer.Train(sample);
        _codes = new byte[Kibibytes * 1024];
        int rows = _codes.Length / _quantizer.CodeSize;
        for (int i = 0; i < rows; i++)
            _quantizer.Encode(sample[i % sample.Rows], _codes.AsSpan(i * _quantizer.CodeSize, _quantizer.CodeSize));
        _results = new float[rows];
    }

    [Benchmark(Baseline = true)]
    public ulong Read() => ReadOnly.Run(_codes);

    [Benchmark]
    public void SquaredL2s() => Search(Metric.L2);

    [Benchmark]
    public void Dots() => Search(Metric.InnerProduct);

    private void Search(Metric metric)
    {
        _quantizer.Prepare(_vector, metric, _query);
        _quantizer.Distances(_query, _codes, default, _results);
    }

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("GB/s", benchmark => (int)benchmark.Parameters[nameof(Kibibytes)] * 1024.0));
    }
}
