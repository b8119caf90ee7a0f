using Tessera.Search;

namespace Tessera.Tests.Search;

public sealed class IndexEvaluationTests
{
    private const int K = 10;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(0, 7)]
    [InlineData(100, 7)]
    public void Queries_go_in_calls_of_the_batch_size(int batch, int callSize)
    {
        using var index = new ScriptedIndex(4, K, _ => 6);
        var evaluation = new IndexEvaluation(index, ScriptedIndex.Queries(7), index.Truth(7), new EvaluationOptions { K = K, Batch = batch, Passes = 3, WarmUp = TimeSpan.Zero });
        var measured = evaluation.Measure(2, TestContext.Current.CancellationToken);

        Assert.Equal(callSize, index.BatchSizes.Max());
        // One warm-up and three timed passes over all queries; where they go together, two more of single ones for the latencies.
        Assert.Equal((batch == 0 ? 6 : 4) * 7, index.BatchSizes.Sum());
        Assert.Equal(batch == 0 ? 14 : batch == 1 ? 28 : 0, index.BatchSizes.Count(size => size == 1) - (batch == 3 ? 4 : 0));
        Assert.Equal(2, measured.Setting);
        Assert.Equal(0.6, measured.Recall, 12);
        Assert.True(measured.QueriesPerSecond > 0);
        Assert.InRange(measured.P50Milliseconds, 0, measured.P99Milliseconds);
    }

    [Fact]
    public void A_setting_that_would_mean_the_default_of_the_index_is_refused()
    {
        using var index = new ScriptedIndex(4, K, _ => 6);
        var evaluation = new IndexEvaluation(index, ScriptedIndex.Queries(2), index.Truth(2), new EvaluationOptions { K = K });
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.MeasureRecall(0, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.Measure(0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Queries_and_truth_that_do_not_belong_together_are_refused()
    {
        using var index = new ScriptedIndex(4, K, _ => 6);
        var queries = ScriptedIndex.Queries(4);
        Assert.Equal("queries", Refused(() => new IndexEvaluation(index, new Tessera.Vectors.Matrix(new float[8], 2), index.Truth(4))));
        Assert.Equal("truth", Refused(() => new IndexEvaluation(index, queries, index.Truth(3))));
        Assert.Equal("truth", Refused(() => new IndexEvaluation(index, queries, index.Truth(4), new EvaluationOptions { K = K + 1 })));

        static string? Refused(Func<object> create) => Assert.Throws<ArgumentException>(create).ParamName;
    }
}
