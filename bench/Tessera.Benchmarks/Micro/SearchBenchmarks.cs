using BenchmarkDotNet.Attributes;
using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Micro;

/// <summary>Single queries into memory of the caller's, on one thread, over 50,000 vectors of 96 numbers. Nothing may be allocated.</summary>
public class SearchBenchmarks
{
    private const int Rows = 50_000;
    private const int Dimension = 96;
    private const int Queries = 64;

    private static readonly BuildOptions Building = new() { CoarseIterations = 4, CodebookIterations = 4 };

    private readonly Neighbor[] _results = new Neighbor[10];
    private readonly SearchOptions _few = new() { Probes = 1 }, _many = new() { Probes = 16 }, _beam = new() { EfSearch = 64 };
    private Matrix _vectors = null!;
    private VectorIndex _index = null!;
    private int _next;

    [GlobalSetup(Target = nameof(Flat))]
    public void SetupFlat() => Fill("Flat");

    [GlobalSetup(Targets = [nameof(IvfPqOneProbe), nameof(IvfPqSixteenProbes)])]
    public void SetupIvfPq() => Fill("IVF256,PQ48");

    [GlobalSetup(Target = nameof(IvfFlatSixteenProbes))]
    public void SetupIvfFlat() => Fill("IVF256,Flat");

    [GlobalSetup(Target = nameof(HnswEf64))]
    public void SetupHnsw() => Fill("HNSW16");

    [Benchmark]
    public int Flat() => Search(SearchOptions.Default);

    [Benchmark]
    public int IvfPqOneProbe() => Search(_few);

    [Benchmark]
    public int IvfPqSixteenProbes() => Search(_many);

    [Benchmark]
    public int IvfFlatSixteenProbes() => Search(_many);

    [Benchmark]
    public int HnswEf64() => Search(_beam);

    private int Search(SearchOptions options) => _index.Search(_vectors[Rows + _next++ % Queries], _results, options);

    private void Fill(string specification)
    {
        _vectors = Generated.Clustered(Rows + Queries, Dimension);
        Matrix rows = _vectors.Slice(0, Rows);
        _index = IndexFactory.Create(specification, Dimension, Metric.L2);
        _index.Train(rows, Building);
        _index.Add(rows);
    }
}
