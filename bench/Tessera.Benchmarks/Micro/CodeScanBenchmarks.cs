using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Tessera.Kernels;

namespace Tessera.Benchmarks.Micro;

/// <summary>Sums of table entries over codes of 8 bits: by byte tables in registers, and plainly.</summary>
[Config(typeof(Columns))]
public class CodeScanBenchmarks
{
    private const int Groups = 32;
    private const int Codes = Groups * CodeScan.Group;

    private AlignedBuffer<byte> _codes = null!, _bytes = null!;
    private AlignedBuffer<float> _tables = null!;
    private readonly AlignedBuffer<ushort> _byteSums = new(CodeScan.Group);
    private readonly AlignedBuffer<float> _sums = new(CodeScan.Block);

    [Params(8, 56)]
    public int Parts { get; set; }

    [GlobalSetup]
    public unsafe void Setup()
    {
        _codes = new AlignedBuffer<byte>(Codes * Parts + CodeList.ReadAhead);
        new Random(7).NextBytes(_codes.Span);
        _tables = new AlignedBuffer<float>(Parts * ByteTables.Entries);
        Generated.Uniform(Parts * ByteTables.Entries).CopyTo(_tables.Span);
        _bytes = new AlignedBuffer<byte>(Parts * ByteTables.Entries);
        ByteTables.Round(_tables.Pointer, Parts, _bytes.Pointer, new float[Parts]);
    }

    [GlobalSetup(Target = nameof(BytePermutes))]
    public void SetupPermutes()
    {
        if (!CodeScan.IsAccelerated)
            throw new PlatformNotSupportedException("This processor has no byte permutes of 512 bits (AVX-512 VBMI); searches use the plain scan.");
        Setup();
    }

    [Benchmark]
    public unsafe void BytePermutes()
    {
        for (int group = 0; group < Groups; group++)
            CodeScan.Sums(_codes.Pointer + group * CodeScan.Group * Parts, CodeScan.Group, CodeScan.Block, Parts, _bytes.Pointer, _byteSums.Pointer);
    }

    [Benchmark]
    public unsafe void PlainScan()
    {
        for (int block = 0; block < Codes / CodeScan.Block; block++)
            CodeScan.TableSums(_tables.Pointer, _codes.Pointer + block * CodeScan.Block * Parts, CodeScan.Block, CodeScan.Block, Parts, _sums.Pointer);
    }

    private sealed class Columns : ManualConfig
    {
        public Columns() => AddColumn(new RateColumn("G lookups/s", benchmark => (double)Codes * (int)benchmark.Parameters[nameof(Parts)]));
    }
}
