using Tessera.SemanticIds;

namespace Tessera.Cli.Ids;

/// <summary>The ways to learn ids, by their names on the command line.</summary>
internal static class Method
{
    public const string RQKMeans = "rqkmeans", Balanced = "balanced", RQVAE = "rqvae", RQKMeansPlus = "rqkmeans+";

    private const double PlusQuantizationWeight = 0.1;

    public static readonly IReadOnlyList<string> All = [RQKMeans, Balanced, RQVAE, RQKMeansPlus];

    public static SemanticEncoder Create(string method, IReadOnlyList<int> clusters, EncoderSettings settings) => method switch
    {
        RQVAE or RQKMeansPlus => new RQVAE(new RQVAEOptions
        {
            Clusters = clusters,
            // Freed, the encoder drifts from where it began, and the best epoch is mostly the first: it gains by decoding alone.
            Shortcut = method == RQKMeansPlus,
            FreezeEncoder = method == RQKMeansPlus,
            QuantizationWeight = method == RQKMeansPlus ? PlusQuantizationWeight : 1,
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            LearningRate = settings.LearningRate,
            LatentDimension = settings.LatentDimension,
            Layers = settings.Layers,
            Seed = settings.Seed,
        }),
        _ => new RQKMeans(new RQKMeansOptions
        {
            Levels = clusters.Count,
            Clusters = clusters,
            Implementation = method == Balanced ? RQKMeansImplementation.Constrained : RQKMeansImplementation.KMeans,
            Metric = settings.Metric,
            NormalizeResiduals = settings.NormalizeResiduals,
            Seed = settings.Seed,
        }),
    };
}
