using Tessera.Indexes;
using Tessera.Search;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Batches that are large enough for sketches to rule rows out (256 dimensions, 8,192 rows, 32 queries) stay exact.</summary>
public sealed class FlatSketchTests
{
    private const int Dimension = 256;
    private const int Rows = 9000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric, string> Cases()
    {
        var cases = new TheoryData<Metric, string>();
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            foreach (string data in (string[])["few directions", "all directions", "far from zero", "whole numbers", "copies", "zeros"])
                cases.Add(metric, data);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Batches_answer_as_single_queries_do_to_the_bit(Metric metric, string data)
    {
        Matrix vectors = Make(data);
        var index = new FlatIndex(Dimension, metric);
        index.Add(vectors, cancellationToken: Cancellation);
        Matrix queries = vectors.Slice(4000, 40);
        foreach (int k in (int[])[1, 10, 300])
        {
            Neighbor[][] single = index.OneByOne(queries, k);
            for (int round = 0; round < 2; round++)
                Assert.Equal(single, index.Together(queries, k, new SearchOptions { Threads = 1 + round }));
        }
    }

    [Fact]
    public void Rows_added_after_sketches_were_made_are_found()
    {
        Matrix vectors = Make("few directions");
        var index = new FlatIndex(Dimension);
        index.Add(vectors.Slice(0, 8300), cancellationToken: Cancellation);
        Matrix queries = vectors.Slice(8200, 40);
        Assert.Equal(index.OneByOne(queries, 10), index.Together(queries, 10));

        index.Add(vectors.Slice(8300, 500), cancellationToken: Cancellation);
        index.Add(vectors.Slice(8800, 200), cancellationToken: Cancellation);
        index.Add(vectors, cancellationToken: Cancellation);

        queries = vectors.Slice(8700, 40);
        Assert.Equal(index.OneByOne(queries, 10), index.Together(queries, 10));
    }

    [Fact]
    public void A_search_of_earlier_rows_gets_sketches_of_those_alone()
    {
        Matrix vectors = Make("few directions");
        var rows = new RowStore(Dimension);
        rows.Append(vectors.Slice(0, 8300).Span);
        RowSnapshot before = rows.Snapshot;
        rows.Append(vectors.Span);
        using var sketches = new RowSketches();

        Assert.Equal(rows.Snapshot.Rows / RowSketches.BlockRows, sketches.Cover(rows.Snapshot, 1, Cancellation).Length);
        Assert.Equal(8300 / RowSketches.BlockRows, sketches.Cover(before, 1, Cancellation).Length);
    }

    private static Matrix Make(string data) => data switch
    {
        "few directions" => TestVectors.LowRank(Rows, Dimension, 12, 0.1f, 1),
        "all directions" => TestVectors.Normal(Rows, Dimension, 2),
        "far from zero" => TestVectors.LowRank(Rows, Dimension, 12, 0.1f, 3).Change((value, _) => value + 500),
        "whole numbers" => TestVectors.LowRank(Rows, Dimension, 12, 0.1f, 4).Change((value, _) => MathF.Round(value)),
        "copies" => TestVectors.LowRank(300, Dimension, 12, 0.1f, 5).Select([.. Enumerable.Range(0, Rows).Select(i => i * 7 % 300)]),
        _ => new(new float[Rows * Dimension], Dimension),
    };
}
