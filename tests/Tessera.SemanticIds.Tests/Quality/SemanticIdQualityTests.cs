using Tessera.SemanticIds.Quality;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Tests.Quality;

public sealed class SemanticIdQualityTests
{
    [Fact]
    public void Collisions_are_counted_in_both_ways()
    {
        // Two items share a code, three another, one has its own.
        SemanticIdQuality quality = Measure([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 0], 2, [3, 2]);
        Assert.Equal((6, 3), (quality.Items, quality.UniqueCodes));
        Assert.Equal(0.5, quality.CollisionRate, 12);
        Assert.Equal(5 / 6.0, quality.CollidingShare, 12);
    }

    [Fact]
    public void Use_of_a_level_is_entropy_and_perplexity()
    {
        SemanticIdQuality even = Measure([0, 1, 2, 3, 0, 1, 2, 3], 1, [8]);
        Assert.Equal((4, 0.5, 2), (even.Levels[0].Used, even.Levels[0].Utilisation, even.Levels[0].Largest));
        Assert.Equal(2, even.Levels[0].Entropy, 12);
        Assert.Equal(4, even.Levels[0].Perplexity, 12);
        SemanticIdQuality one = Measure([5, 5, 5, 5], 1, [8]);
        Assert.Equal((1.0, 0.0), (one.Levels[0].Perplexity, one.Entropy));
    }

    [Fact]
    public void Codes_that_order_items_as_their_vectors_do_are_perfect()
    {
        // Eight places on a line, coded as their binary digits, with neighbours that are clearly nearer under one prefix.
        float[] places = [0, 1, 10, 11, 100, 101, 110, 111];
        int[] codes = [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1];
        var vectors = new Matrix(places, 1);
        SemanticIdQuality quality = SemanticIdQuality.Measure(vectors, new SemanticCodes(codes, 3), [2, 2, 2], vectors, new QualityOptions { K = 3 });
        Assert.Equal((1.0, 1.0), (quality.Recall, quality.Ndcg));
        Assert.True(quality.Spearman > 0.85, $"{quality.Spearman}");
        Assert.Equal((0.0, 0.0), (quality.Error, quality.RelativeError));
    }

    [Fact]
    public void Codes_that_say_nothing_are_as_good_as_chance()
    {
        Matrix vectors = TestData.Normal(201, 4, 1);
        SemanticIdQuality quality = SemanticIdQuality.Measure(vectors, new SemanticCodes(new int[201], 1), [1], Mean(vectors), new QualityOptions { K = 10 });
        // All 200 others tie for ten places.
        Assert.Equal(0.05, quality.Recall, 9);
        Assert.Equal(0.05, quality.Ndcg, 9);
        Assert.Equal(0, quality.Spearman);
        Assert.Equal(1, quality.RelativeError, 4);
    }

    [Fact]
    public void Recall_of_ties_is_their_expectation_whatever_the_order_of_the_items()
    {
        Matrix vectors = TestData.Clustered(300, 8, 4);
        var model = new RQKMeans(levels: 2, clusters: 8);
        model.Fit(vectors);
        int[] reversed = [.. Enumerable.Range(0, 300).Reverse()];
        SemanticIdQuality one = SemanticIdQuality.Measure(model, vectors), other = SemanticIdQuality.Measure(model, vectors.Select(reversed));
        Assert.Equal(one.Recall, other.Recall, 9);
        Assert.Equal(one.Ndcg, other.Ndcg, 9);
        Assert.InRange(one.Recall, 0.1, 1);
    }

    [Fact]
    public void Measures_get_better_with_more_levels()
    {
        Matrix vectors = TestData.Clustered(800, 16, 4);
        SemanticIdQuality[] qualities = [.. Enumerable.Range(1, 3).Select(levels =>
        {
            var model = new RQKMeans(levels, clusters: 16);
            model.Fit(vectors);
            return SemanticIdQuality.Measure(model, vectors);
        })];
        Assert.Equal(qualities.Select(quality => quality.Recall).Order(), qualities.Select(quality => quality.Recall));
        Assert.Equal(qualities.Select(quality => quality.CollisionRate).OrderDescending(), qualities.Select(quality => quality.CollisionRate));
        Assert.Equal(qualities.Select(quality => quality.Error).OrderDescending(), qualities.Select(quality => quality.Error));
    }

    [Fact]
    public void Ranks_of_ties_are_shared_and_correlation_is_that_of_ranks()
    {
        Assert.Equal([2, 0.5, 3, 0.5], DistanceCorrelation.Ranks([7, 1, 9, 1]));
        Assert.Equal(1, DistanceCorrelation.Correlation([1, 2, 3], [10, 20, 30]), 12);
        Assert.Equal(-0.5, DistanceCorrelation.Correlation([0, 1, 2], [1, 2, 0]), 12);
    }

    [Fact]
    public void Parts_that_do_not_fit_each_other_are_refused()
    {
        Matrix vectors = TestData.Normal(4, 2, 1);
        Assert.Throws<ArgumentException>(() => SemanticIdQuality.Measure(vectors, new SemanticCodes(new int[3], 1), [1], vectors));
        Assert.Throws<ArgumentException>(() => SemanticIdQuality.Measure(vectors.Slice(0, 1), new SemanticCodes(new int[1], 1), [1], vectors.Slice(0, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SemanticIdQuality.Measure(vectors, new SemanticCodes(new int[4], 1), [1], vectors, new QualityOptions { K = 0 }));
    }

    private static SemanticIdQuality Measure(int[] codes, int levels, int[] clusters)
    {
        Matrix vectors = TestData.Normal(codes.Length / levels, 3, 1);
        return SemanticIdQuality.Measure(vectors, new SemanticCodes(codes, levels), clusters, vectors, new QualityOptions { K = 1 });
    }

    private static Matrix Mean(Matrix vectors)
    {
        float[] mean = [.. Enumerable.Range(0, vectors.Dimension).Select(d => (float)Enumerable.Range(0, vectors.Rows).Average(row => (double)vectors[row][d]))];
        return new Matrix(Enumerable.Range(0, vectors.Rows).SelectMany(_ => mean).ToArray(), vectors.Dimension);
    }
}
