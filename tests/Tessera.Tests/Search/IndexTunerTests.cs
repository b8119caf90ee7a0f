using Tessera.Search;

namespace Tessera.Tests.Search;

public sealed class IndexTunerTests
{
    private const int K = 10;
    private static readonly EvaluationOptions Quick = new() { K = K, Passes = 1, WarmUp = TimeSpan.Zero };

    [Fact]
    public void The_fewest_probes_that_reach_the_target_are_found()
    {
        const int Lists = 100;
        // One neighbour more with every 11th list: the true answer for h neighbours is 11 * h probes.
        using var index = new ScriptedIndex(Lists, K, probes => probes / 11);
        for (int hits = 1; hits <= 9; hits++)
        {
            var result = Tune(index, hits / 10.0);
            Assert.True(result.Reached);
            Assert.Equal(11 * hits, result.Best.Setting);
            Assert.Equal(hits / 10.0, result.Best.Recall, 12);
            Assert.InRange(result.Steps.Count, 1, 14);
        }
    }

    [Fact]
    public void One_probe_is_chosen_when_it_is_enough()
    {
        using var index = new ScriptedIndex(256, K, _ => 9);
        var result = Tune(index, 0.9);
        Assert.Equal(1, result.Best.Setting);
        Assert.Equal([new TuningStep(1, 0.9)], result.Steps);
    }

    [Fact]
    public void A_target_that_only_the_last_list_reaches_is_reached()
    {
        using var index = new ScriptedIndex(77, K, probes => probes == 77 ? 10 : Math.Min(probes / 8, 9));
        var result = Tune(index, 1);
        Assert.True(result.Reached);
        Assert.Equal(77, result.Best.Setting);
    }

    [Fact]
    public void Where_no_setting_reaches_the_target_the_cheapest_of_the_best_is_named()
    {
        using var index = new ScriptedIndex(64, K, probes => probes < 8 ? probes : 8);
        var result = Tune(index, 0.9);
        Assert.False(result.Reached);
        Assert.Equal(0.8, result.Best.Recall, 12);
        Assert.Equal(8, result.Best.Setting);
    }

    [Fact]
    public void All_lists_are_tried_at_once_when_doubling_finds_nothing_more()
    {
        using var index = new ScriptedIndex(1 << 20, K, probes => Math.Min(probes, 8));
        Assert.Equal([1, 2, 4, 8, 16, 32, 1 << 20], Tune(index, 0.9).Steps.Select(step => step.Setting));
    }

    [Fact]
    public void A_target_beyond_a_plateau_is_reached()
    {
        using var index = new ScriptedIndex(1000, K, probes => probes < 700 ? 5 : 9);
        var result = Tune(index, 0.9);
        Assert.True(result.Reached);
        Assert.Equal(700, result.Best.Setting);
    }

    [Fact]
    public void A_beam_is_at_least_k_long_and_not_endless()
    {
        using var index = new ScriptedIndex(1, K, ef => ef < 33 ? 8 : 9, SearchKnob.EfSearch);
        Assert.Equal(33, Tune(index, 0.9).Best.Setting);
        Assert.Equal(K, Tune(index, 0.8).Best.Setting);
        Assert.Equal(4096, Tune(index, 1).Steps[^1].Setting);
    }

    [Fact]
    public void A_tree_is_visited_leaf_by_leaf()
    {
        using var index = new ScriptedIndex(500, K, leaves => leaves < 70 ? 5 : 9, SearchKnob.Beam);
        Assert.Equal(70, Tune(index, 0.9).Best.Setting);
        Assert.Equal(500, Tune(index, 1).Steps[^1].Setting);
    }

    [Fact]
    public void An_index_without_a_knob_has_one_setting()
    {
        using var index = new ScriptedIndex(1, K, _ => 10, SearchKnob.None);
        Assert.Equal([1], Tune(index, 1).Steps.Select(step => step.Setting));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_target_that_is_no_recall_is_refused(double recall)
    {
        using var index = new ScriptedIndex(4, K, _ => 10);
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => Tune(index, recall));
        Assert.Equal("recall", exception.ParamName);
    }

    [Fact]
    public void Steps_are_reported_as_they_are_tried()
    {
        using var index = new ScriptedIndex(16, K, probes => probes / 2);
        var reported = new List<TuningStep>();
        var result = IndexTuner.Tune(
            index, ScriptedIndex.Queries(3), index.Truth(3), 0.3, Quick, new Collector<TuningStep>(reported), TestContext.Current.CancellationToken);
        Assert.Equal(result.Steps, reported);
    }

    [Fact]
    public void A_cancelled_tuning_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var index = new ScriptedIndex(16, K, probes => probes / 2);
        Assert.Throws<OperationCanceledException>(() => IndexTuner.Tune(
            index, ScriptedIndex.Queries(3), index.Truth(3), 0.3, Quick, cancellationToken: cancelled.Token));
    }

    private static TuningResult Tune(ScriptedIndex index, double recall) => IndexTuner.Tune(
        index, ScriptedIndex.Queries(3), index.Truth(3), recall, Quick, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Collector<T>(List<T> into) : IProgress<T>
    {
        public void Report(T value) => into.Add(value);
    }
}
