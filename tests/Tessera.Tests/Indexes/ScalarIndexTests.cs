using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

public sealed class ScalarIndexTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<ScalarCode, Metric, int> Cases()
    {
        var cases = new TheoryData<ScalarCode, Metric, int>();
        foreach (ScalarCode code in Enum.GetValues<ScalarCode>())
        {
            foreach (Metric metric in Enum.GetValues<Metric>())
            {
                foreach (int dimension in (int[])[3, 37])
                    cases.Add(code, metric, dimension);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Answers_are_the_nearest_of_what_the_codes_stand_for(ScalarCode code, Metric metric, int dimension)
    {
        Matrix vectors = TestVectors.Planted(12, 60, dimension, 0.3f, 1), queries = TestVectors.Planted(12, 2, dimension, 0.3f, 1);
        Matrix kept = metric == Metric.Cosine ? Normalisation.Apply(vectors) : vectors;
        var quantizer = new ScalarQuantizer(dimension, code);
        quantizer.Train(kept, cancellationToken: Cancellation);
        var codes = new byte[kept.Rows * quantizer.CodeSize];
        quantizer.Encode(kept, codes);
        var decoded = new float[kept.Rows * dimension];
        quantizer.Decode(codes, decoded);
        var stored = new Matrix(decoded, dimension);

        using ScalarIndex index = Filled(vectors, new ScalarIndexOptions { Code = code }, metric);
        using ScalarIndex lists = Filled(vectors, new ScalarIndexOptions { Code = code, Lists = 6, Probes = 6 }, metric);
        Neighbor[][] found = index.OneByOne(queries, 10);
        Assert.Equal(found, index.Together(queries, 10));
        Assert.Equal(found, lists.OneByOne(queries, 10));
        Assert.Equal(found, lists.Together(queries, 10));
        for (int i = 0; i < queries.Rows; i++)
        {
            ReadOnlySpan<float> query = metric == Metric.Cosine ? Normalisation.Apply(queries.Slice(i, 1))[0] : queries[i];
            for (int j = 0; j < 10; j++)
            {
                // What a code stands for is not of length 1: its product with the query is what is compared.
                double exact = metric == Metric.L2
                    ? ExactNeighbors.Distance(Metric.L2, query, stored[(int)found[i][j].Id])
                    : ExactNeighbors.Distance(Metric.InnerProduct, query, stored[(int)found[i][j].Id]) + (metric == Metric.Cosine ? 1 : 0);
                Assert.Equal(Math.Max(exact, metric == Metric.InnerProduct ? double.MinValue : 0), found[i][j].Distance, 1e-4 * (1 + Math.Abs(exact)));
            }
        }

        Neighbor[][] truth = [.. Enumerable.Range(0, queries.Rows).Select(i => ExactNeighbors.Of(metric, vectors, queries[i], 10))];
        Assert.InRange(ExactNeighbors.Recall(truth, found), dimension == 3 ? 0.8 : 0.93, 1);
    }

    [Fact]
    public void An_index_of_several_pieces_answers_as_one_that_was_filled_in_many_steps_and_opened_again()
    {
        // 1,024 codes of 4,096 bytes fill a piece.
        Matrix vectors = TestVectors.Planted(9, 250, 4096, 0.5f, 1), queries = vectors.Slice(1000, 40);
        using ScalarIndex whole = Filled(vectors, new ScalarIndexOptions(), Metric.L2);
        using var index = new ScalarIndex(4096);
        index.Train(vectors, cancellationToken: Cancellation);
        for (int start = 0; start < vectors.Rows; start += 450)
            index.Add(vectors.Slice(start, 450), cancellationToken: Cancellation);
        using var folder = new Storage.TemporaryFolder();
        index.Save(folder["index.tsr"]);
        using VectorIndex opened = VectorIndex.Open(folder["index.tsr"]);

        var few = new SearchOptions { Filter = SearchFilter.Where(id => id % 11 == 5) };
        foreach (SearchOptions? options in (SearchOptions?[])[null, few])
        {
            Neighbor[][] expected = whole.Together(queries, 20, options);
            Assert.Equal(1017, expected[17][0].Id);
            Assert.All((VectorIndex[])[index, opened], other => Assert.Equal(expected, other.Together(queries, 20, options)));
            Assert.Equal(expected, index.OneByOne(queries, 20, options));
        }
    }

    [Fact]
    public void Floats_of_16_bits_need_no_training_and_bytes_do()
    {
        Assert.True(new ScalarIndex(4, new ScalarIndexOptions { Code = ScalarCode.Half }).IsTrained);
        Assert.True(new ScalarIndex(4, new ScalarIndexOptions { Code = ScalarCode.BFloat }).IsTrained);
        Assert.False(new ScalarIndex(4).IsTrained);
        Assert.False(new ScalarIndex(4, new ScalarIndexOptions { Code = ScalarCode.Half, Lists = 2 }).IsTrained);
        Assert.Equal((65536, 0, 256_000), (new ScalarIndex(4).TrainingVectors(), new ScalarIndex(4, new ScalarIndexOptions { Code = ScalarCode.Half }).TrainingVectors(), new ScalarIndex(4, new ScalarIndexOptions { Lists = 2000 }).TrainingVectors()));
        Assert.Equal((4, 8), ((int)new ScalarIndex(4).Memory.CodeBytesPerVector, (int)new ScalarIndex(4, new ScalarIndexOptions { Code = ScalarCode.Half }).Memory.CodeBytesPerVector));
    }

    [Theory]
    [InlineData("Lists", -1, 1)]
    [InlineData("Lists", 16_777_217, 1)]
    [InlineData("Probes", 10, 0)]
    [InlineData("Probes", 10, 11)]
    [InlineData("Probes", 0, 2)]
    public void Numbers_out_of_range_are_refused(string parameter, int lists, int probes)
    {
        var options = new ScalarIndexOptions { Lists = lists, Probes = probes };
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(options.Validate).ParamName);
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarIndex(8, options)).ParamName);
        Assert.Equal("Code", Assert.Throws<ArgumentOutOfRangeException>(() => new ScalarIndex(8, new ScalarIndexOptions { Code = (ScalarCode)3 })).ParamName);
    }

    private static ScalarIndex Filled(Matrix vectors, ScalarIndexOptions options, Metric metric)
    {
        var index = new ScalarIndex(vectors.Dimension, options, metric);
        index.Train(vectors, new BuildOptions { CoarseIterations = 5 }, cancellationToken: Cancellation);
        index.Add(vectors, cancellationToken: Cancellation);
        return index;
    }
}
