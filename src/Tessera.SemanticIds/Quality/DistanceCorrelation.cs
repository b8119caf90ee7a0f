using System.Numerics.Tensors;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Quality;

/// <summary>Spearman's rank correlation: the correlation of ranks, where ties share the mean of their ranks.</summary>
internal static class DistanceCorrelation
{
    public static double Measure(Matrix vectors, SemanticCodes codes, QualityOptions options)
    {
        var random = new SeededRandom(options.Seed, 1);
        var ofVectors = new double[options.Pairs];
        var ofCodes = new double[options.Pairs];
        for (int pair = 0; pair < options.Pairs; pair++)
        {
            int a = random.Next(vectors.Rows), b = (a + 1 + random.Next(vectors.Rows - 1)) % vectors.Rows;
            ofVectors[pair] = options.Metric == Metric.Cosine
                ? -TensorPrimitives.CosineSimilarity(vectors[a], vectors[b])
                : TensorPrimitives.Distance(vectors[a], vectors[b]);
            ofCodes[pair] = codes.Levels - codes[a].CommonPrefixLength(codes[b]);
        }

        return Correlation(Ranks(ofVectors), Ranks(ofCodes));
    }

    /// <summary>Places in ascending order; equal values share the mean of theirs.</summary>
    internal static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && values[order[end]] == values[order[start]];)
                end++;
            for (int place = start; place < end; place++)
                ranks[order[place]] = (start + end - 1) / 2.0;
        }

        return ranks;
    }

    /// <summary>Pearson's correlation; 0 where one of the two does not vary.</summary>
    internal static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average(), covariance = 0, varianceA = 0, varianceB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            covariance += (a[i] - meanA) * (b[i] - meanB);
            varianceA += (a[i] - meanA) * (a[i] - meanA);
            varianceB += (b[i] - meanB) * (b[i] - meanB);
        }

        return varianceA == 0 || varianceB == 0 ? 0 : covariance / Math.Sqrt(varianceA * varianceB);
    }
}
