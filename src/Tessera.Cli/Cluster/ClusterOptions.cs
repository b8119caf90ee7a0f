using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Clustering;

namespace Tessera.Cli.Cluster;

/// <summary>The options that several methods of <c>cluster</c> share.</summary>
internal sealed class ClusterOptions
{
    public Argument<string> Vectors { get; } = new("VECTORS") { Description = "A file of vectors." };

    public Option<int> K { get; } = new Option<int>("-k")
    {
        Description = "Clusters.",
        Required = true,
    }.AtLeast(1);

    public Option<string> Method { get; } = new("--method")
    {
        Description = "How: kmeans (default), balanced (clusters of equal sizes) or mixture (Gaussians, with probabilities).",
        HelpName = "HOW",
        DefaultValueFactory = _ => "kmeans",
    };

    public Option<int?> Iterations { get; } = new Option<int?>("--iterations")
    {
        Description = "Most iterations, by default 25, for a mixture 100; fewer are done when nothing changes any more.",
    }.AtLeast(1);

    public Option<KMeansInit> Init { get; } = new("--init")
    {
        Description = "How the first centroids are chosen: kmeans++ (default) or random.",
        HelpName = "HOW",
        CustomParser = result =>
        {
            string name = result.Tokens.Single().Value;
            switch (name.ToUpperInvariant())
            {
                case "KMEANS++":
                    return KMeansInit.PlusPlus;
                case "RANDOM":
                    return KMeansInit.Random;
                default:
                    result.AddError($"--init is '{name}'; give kmeans++ or random.");
                    return default;
            }
        },
    };

    public Option<int> Redo { get; } = new Option<int>("--redo")
    {
        Description = "Runs from different starts, of which the best is kept.",
        DefaultValueFactory = _ => 1,
    }.AtLeast(1);

    public Option<int> Sample { get; } = new Option<int>("--sample")
    {
        Description = "Cluster this many vectors, drawn at random; 0 clusters all.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    public Option<string> Out { get; } = new("--out", "-o")
    {
        Description = "The file of centroids to write (.npy).",
        HelpName = "CENTROIDS",
        Required = true,
    };

    public Option<string> Assignments { get; } = new("--assignments")
    {
        Description = "Write the cluster of every vector of the file as .ivecs, one number a row.",
        HelpName = "IDS",
    };
}
