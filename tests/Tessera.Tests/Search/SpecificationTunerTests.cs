using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Search;
using Tessera.Vectors;

namespace Tessera.Tests.Search;

public sealed class SpecificationTunerTests
{
    private const int Dimension = 16;
    private static readonly Matrix All = TestVectors.Planted(40, 76, Dimension, 0.4f, 1);
    private static readonly Matrix Vectors = All.Slice(0, 3000), Queries = All.Slice(3000, 40);

    private static readonly SpecificationTuningOptions Quick = new()
    {
        Subset = 1000,
        Evaluation = new EvaluationOptions { Passes = 1, WarmUp = TimeSpan.Zero },
        Build = new BuildOptions { CoarseIterations = 3, CodebookIterations = 3 },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_choice_reaches_the_recall_and_is_the_fastest_of_those_tried_on_all_vectors()
    {
        var heard = new List<SpecificationTrial>();
        SpecificationTuning tuning = SpecificationTuner.Tune(Vectors, Queries, 0.9, Quick, new ImmediateProgress<SpecificationTrial>(heard.Add), Cancellation);
        Assert.True(tuning.Reached);
        Assert.Equal(heard, tuning.Trials);
        Assert.True(tuning.Best!.Best.Recall >= 0.9);
        SpecificationTrial[] onAll = [.. tuning.Trials.Where(trial => trial.Vectors == Vectors.Rows)];
        Assert.InRange(onAll.Length, 1, Quick.Finalists);
        Assert.Equal(onAll.Where(trial => trial.Reached).Max(trial => trial.Best.QueriesPerSecond), tuning.Best.Best.QueriesPerSecond);
        Assert.Equal(SpecificationCandidates.For(Dimension).Select(specify => specify(1000)), tuning.Trials.Where(trial => trial.Vectors == 1000).Select(trial => trial.Specification));
        Assert.Contains(tuning.Trials, trial => trial.TrainingVectors is > 0 and < 1000);
    }

    [Fact]
    public void Memory_rules_out_what_takes_more_and_is_kept_to_by_the_choice()
    {
        // Whole vectors are 64 bytes.
        SpecificationTuning tuning = SpecificationTuner.Tune(Vectors, Queries, 0.3, Quick with { BytesPerVector = 50 }, null, Cancellation);
        Assert.DoesNotContain("Flat", tuning.Trials.Select(trial => trial.Specification));
        Assert.True(tuning.Best!.Fits && tuning.Best.BytesPerVector <= 50);
        Assert.DoesNotContain("Refine", tuning.Best.Specification, StringComparison.Ordinal);
        using VectorIndex index = IndexFactory.Create(tuning.Best.Specification, Dimension);
        Assert.InRange(index.Memory.CodeBytesPerVector, 1, 49);
    }

    [Fact]
    public void Where_nothing_reaches_the_recall_within_the_memory_the_nearest_is_proposed_or_nothing()
    {
        SpecificationTuning tuning = SpecificationTuner.Tune(Vectors, Queries, 1, Quick with { BytesPerVector = 40 }, null, Cancellation);
        Assert.False(tuning.Reached);
        Assert.Equal(tuning.Trials.Where(trial => trial.Vectors == Vectors.Rows && trial.Fits).Max(trial => trial.Best.Recall), tuning.Best!.Best.Recall);

        tuning = SpecificationTuner.Tune(Vectors, Queries, 1, Quick with { BytesPerVector = 0.5 }, null, Cancellation);
        Assert.Null(tuning.Best);
        Assert.Empty(tuning.Trials);
    }

    [Fact]
    public void Few_vectors_are_tried_all_at_once()
    {
        SpecificationTuning tuning = SpecificationTuner.Tune(Vectors.Slice(0, 1000), Queries, 1, Quick, null, Cancellation);
        Assert.True(tuning.Reached);
        Assert.All(tuning.Trials, trial => Assert.Equal(1000, trial.Vectors));
        Assert.Equal(tuning.Trials.Count, tuning.Trials.Select(trial => trial.Specification).Distinct().Count());
    }

    [Fact]
    public void A_token_stops_it_between_trials()
    {
        using var source = new CancellationTokenSource();
        int trials = 0;
        var progress = new ImmediateProgress<SpecificationTrial>(_ =>
        {
            if (++trials == 2)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => SpecificationTuner.Tune(Vectors, Queries, 0.9, Quick, progress, source.Token));
        Assert.Equal(2, trials);
    }

    [Fact]
    public void Inputs_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("recall", () => SpecificationTuner.Tune(Vectors, Queries, 0));
        Assert.Throws<ArgumentException>("queries", () => SpecificationTuner.Tune(Vectors, TestVectors.Normal(3, 5, 1), 0.9));
        Assert.Throws<ArgumentException>("vectors", () => SpecificationTuner.Tune(Vectors.Slice(0, 5), Queries, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>("BytesPerVector", () => SpecificationTuner.Tune(Vectors, Queries, 0.9, Quick with { BytesPerVector = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("Subset", () => SpecificationTuner.Tune(Vectors, Queries, 0.9, Quick with { Subset = 10 }));
        Assert.Throws<ArgumentOutOfRangeException>("Finalists", () => SpecificationTuner.Tune(Vectors, Queries, 0.9, Quick with { Finalists = 0 }));
    }

    [Theory]
    [InlineData(784)]
    [InlineData(100)]
    [InlineData(97)]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_candidate_is_one_that_the_factory_knows(int dimension)
    {
        foreach (Func<int, string> specify in SpecificationCandidates.For(dimension))
        {
            foreach (int rows in (int[])[10, 1000, 1_000_000])
            {
                using VectorIndex index = IndexFactory.Create(specify(rows), dimension);
                Assert.InRange(index.Lists, 1, Math.Max(1, rows / 39));
            }
        }
    }
}
