using Tessera.Indexes;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Tests.Indexes;

/// <summary>Vectors of all kinds that trees meet, and trees of them.</summary>
internal static class TreeMaterial
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Metric, string> Cases()
    {
        var cases = new TheoryData<Metric, string>();
        foreach (Metric metric in Enum.GetValues<Metric>())
        {
            foreach (string data in (string[])["normal", "clusters", "far from zero", "huge", "tiny", "of all lengths", "whole numbers", "copies", "all alike", "zeros among them"])
                cases.Add(metric, data);
        }

        return cases;
    }

    public static Matrix Make(string data, int dimension) => data switch
    {
        "normal" => TestVectors.Normal(600, dimension, 1),
        "clusters" => TestVectors.Planted(12, 50, dimension, 0.02f, 2),
        "far from zero" => TestVectors.Planted(12, 50, dimension, 0.02f, 3).Change((value, _) => value + 1000),
        "huge" => TestVectors.Normal(600, dimension, 3).Change((value, _) => value * 2e14f),
        "tiny" => TestVectors.Normal(600, dimension, 3).Change((value, _) => value * 1e-21f),
        "of all lengths" => TestVectors.Normal(600, dimension, 6).Change((value, row) => value * MathF.Exp(row % 13 - 6)),
        "whole numbers" => new Matrix(TestVectors.Integers(600 * dimension, 4), dimension),
        "copies" => TestVectors.Normal(60, dimension, 5).Select([.. Enumerable.Range(0, 600).Select(i => i * 7 % 60)]),
        "zeros among them" => TestVectors.Planted(12, 50, dimension, 0.02f, 2).Change((value, row) => row % 9 == 0 ? 0 : value),
        _ => new Matrix(Enumerable.Repeat(1.5f, 600 * dimension).ToArray(), dimension),
    };

    public static TreeIndex Trained(Matrix sample, TreeOptions options, Metric metric = Metric.L2)
    {
        var index = new TreeIndex(sample.Dimension, options, metric);
        index.Train(sample, new BuildOptions { CoarseIterations = 5 }, cancellationToken: Cancellation);
        return index;
    }

    public static TreeIndex Filled(Matrix vectors, TreeOptions options, Metric metric = Metric.L2)
    {
        TreeIndex index = Trained(vectors, options, metric);
        index.Add(vectors, cancellationToken: Cancellation);
        return index;
    }
}
