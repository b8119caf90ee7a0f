using Tessera.Indexes;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class IndexFactoryTests
{
    [Theory]
    [InlineData("Flat")]
    [InlineData("IVF256,Flat")]
    [InlineData("IVF256,PQ56")]
    [InlineData("IVF256,PQ56,Refine")]
    [InlineData("IVF256,PQ56,Refine(fp16)")]
    [InlineData("IVF256,PQ56x4,Refine(mapped)")]
    [InlineData("IVF1,PQ1x1")]
    [InlineData("IVF50,PQ4x6")]
    [InlineData("IVF50,PQ4x16,Refine")]
    [InlineData("IVF65536,PQ112")]
    [InlineData("HNSW16")]
    [InlineData("Tree3x32")]
    [InlineData("Tree1x65536")]
    [InlineData("PQ56")]
    [InlineData("PQ16x4,Refine")]
    [InlineData("RQ4x8")]
    [InlineData("SQ8")]
    [InlineData("SQfp16")]
    [InlineData("SQbf16")]
    [InlineData("IVF100,SQ8")]
    [InlineData("OPQ16,IVF1024,PQ16")]
    [InlineData("OPQ14_56,IVF1024,PQ14x4,Refine")]
    [InlineData("RR,Flat")]
    [InlineData("PCA64,HNSW8")]
    [InlineData("PCA112,IVF9,SQ8")]
    [InlineData("RQ8x6,Refine")]
    [InlineData("IVF100,RQ4x8")]
    [InlineData("IVF100,RQ3x5,Refine")]
    public void A_specification_comes_back_as_it_was_given(string specification)
    {
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            using VectorIndex index = IndexFactory.Create(specification, 112, metric);
            Assert.Equal((specification, 112, metric), (index.Specification, index.Dimension, index.Metric));
        }
    }

    [Theory]
    [InlineData("flat", "Flat")]
    [InlineData("ivf16,FLAT", "IVF16,Flat")]
    [InlineData("IVF256,PQ56x4fs", "IVF256,PQ56x4")]
    [InlineData("  FLAT ", "Flat")]
    [InlineData("ivf256,pq56,REFINE", "IVF256,PQ56,Refine")]
    [InlineData("ivf256,pq56x4fs,refine(FP16)", "IVF256,PQ56x4,Refine(fp16)")]
    [InlineData("Ivf0256,Pq056X08", "IVF256,PQ56")]
    [InlineData("hnsw8\n", "HNSW8")]
    [InlineData("tree02X032", "Tree2x32")]
    [InlineData("ivf9,sqFP16", "IVF9,SQfp16")]
    public void Case_blanks_around_it_and_what_goes_without_saying_do_not_matter(string given, string canonical)
    {
        using VectorIndex index = IndexFactory.Create(given, 112);
        Assert.Equal(canonical, index.Specification);
    }

    [Fact]
    public void The_numbers_of_a_specification_are_those_of_the_index()
    {
        var index = (IvfPqIndex)IndexFactory.Create("IVF300,PQ14x5,Refine", 112);

        Assert.Equal((300, 14, 5, RefineStorage.Full), (index.Options.Lists, index.Options.Subquantizers, index.Options.Bits, index.Options.Refine));
        Assert.Equal((300, 9), (index.Lists, (int)index.Memory.CodeBytesPerVector));
        Assert.Equal(1, new FlatIndex(3).Lists);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Flat,Refine")]
    [InlineData("IVF16,Flat,Refine")]
    [InlineData("IVF256")]
    [InlineData("RQ4")]
    [InlineData("SQ")]
    [InlineData("SQ4")]
    [InlineData("OPQ16")]
    [InlineData("OPQ,PQ16")]
    [InlineData("OPQ16_,PQ16")]
    [InlineData("RR,RR,Flat")]
    [InlineData("RR8,Flat")]
    [InlineData("PCA,Flat")]
    [InlineData("OPQ16 IVF8,PQ16")]
    [InlineData("SQ8,Refine")]
    [InlineData("IVF9,HNSW4")]
    [InlineData("RQx8")]
    [InlineData("IVF256,PQ56x")]
    [InlineData("IVF256,PQ56,Refine,Refine")]
    [InlineData("IVF256,PQ56,Refine()")]
    [InlineData("IVF256,PQ56,Refine(fp32)")]
    [InlineData("IVF256,PQ56;Refine")]
    [InlineData("IVF-1,PQ56")]
    [InlineData("IVF256,PQ+56")]
    [InlineData("IVF2.5,PQ56")]
    [InlineData("IVF256, PQ56")]
    [InlineData("IVF\u0662\u0665,PQ\u0668")]
    [InlineData("IVF99999999999999999999,PQ8")]
    [InlineData("HNSW")]
    [InlineData("Tree3")]
    [InlineData("Tree3x32,Flat")]
    [InlineData("LSH")]
    public void What_names_no_index_is_refused_with_what_does(string specification)
    {
        var refusal = Assert.Throws<ArgumentException>(() => IndexFactory.Create(specification, 112));

        Assert.Equal("specification", refusal.ParamName);
        Assert.Contains($"'{specification}' names no index", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("IVF256,PQ56", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IVF256,PQ55", "nearest that do are")]
    [InlineData("IVF0,PQ56", "number of lists must be between 1 and 16777216")]
    [InlineData("IVF99999999,PQ56", "number of lists must be between 1 and 16777216")]
    [InlineData("IVF256,PQ0", "nearest that do are")]
    [InlineData("IVF256,PQ56x0", "between 1 and 16")]
    [InlineData("IVF256,PQ56x17", "between 1 and 16")]
    [InlineData("HNSW1", "between 2 and 256")]
    [InlineData("Tree0x32", "Levels must be between 1 and 24")]
    [InlineData("Tree25x2", "Levels must be between 1 and 24")]
    [InlineData("Tree2x1", "Branching must be between 2 and 65536")]
    [InlineData("Tree5x32", "5 levels of branching 32 make more than 16777216 leaves")]
    [InlineData("PQ55", "nearest that do are")]
    [InlineData("RQ0x8", "levels")]
    [InlineData("OPQ0,PQ8", "give 1 to 112")]
    [InlineData("OPQ113,PQ113", "give 1 to 112")]
    [InlineData("OPQ16_60,PQ16", "give a multiple of 16")]
    [InlineData("OPQ16_128,PQ16", "give 1 to 112")]
    [InlineData("PCA0,Flat", "give 1 to 112")]
    [InlineData("PCA113,Flat", "give 1 to 112")]
    [InlineData("OPQ16,PQ15", "nearest that do are")]
    [InlineData("RQ4x17", "between 1 and 16")]
    public void Numbers_that_do_not_fit_are_refused_with_what_would(string specification, string problem)
    {
        Assert.Contains(problem, Assert.ThrowsAny<ArgumentException>(() => IndexFactory.Create(specification, 112)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_specification_is_refused()
    {
        Assert.Equal("specification", Assert.Throws<ArgumentNullException>(() => IndexFactory.Create(null!, 112)).ParamName);
    }
}
