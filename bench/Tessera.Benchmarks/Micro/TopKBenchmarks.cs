using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>Choosing the k nearest of 100,000 distances, in random order and in the worst one, where every distance enters.</summary>
[Config(typeof(Columns))]
public class TopKBenchmarks
{
    private const int Distances = 100_000;

    private float[] _random = [], _falling = [];
    private Candidate[] _heap = [];

    [Params(10, 100)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _random = Generated.Uniform(Distances);
        _falling = [.. _random.OrderDescending()];
        _heap = new Candidate[K];
    }

    [Benchmark]
    public int RandomOrder() => Choose(_random);

    [Benchmark]
    public int FallingOrder() => Choose(_falling);

    private int Choose(float[] distances)
    {
        var top = new TopK(_heap);
        for (int i = 0; i < distances.Length; i++)
        {
            if (distances[i] <= top.Threshold)
                top.Push(distances[i], i);
        }

        return top.Sort()[0].Ordinal;
    }

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("G distances/s", _ => Distances));
    }
}
