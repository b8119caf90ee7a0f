using System.CommandLine;
using System.CommandLine.Parsing;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Cluster;

/// <summary>The options that only <c>cluster --method mixture</c> takes.</summary>
internal sealed class MixtureOptions
{
    public Option<string> Covariance { get; } = new("--covariance")
    {
        Description = "mixture: diagonal (default) or full covariances.",
        HelpName = "SHAPE",
        DefaultValueFactory = _ => "diagonal",
        CustomParser = result =>
        {
            string shape = result.Tokens.Single().Value;
            if (shape is not ("diagonal" or "full"))
                result.AddError($"--covariance is '{shape}'; give diagonal or full.");
            return shape;
        },
    };

    public Option<int> Pca { get; } = new Option<int>("--pca")
    {
        Description = "mixture: project onto this many principal directions first; 0 takes vectors as they are.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);

    public Option<int[]> Try { get; } = new("--try")
    {
        Description = "mixture: other numbers of components beside -k; the one of the least BIC is kept.",
        HelpName = "N,N,...",
        CustomParser = Number.ParseList,
    };

    public Option<int> Memory { get; } = new Option<int>("--memory")
    {
        Description = "mixture: most MiB beside the vectors.",
        DefaultValueFactory = _ => 256,
    }.AtLeast(1);

    public Option<string> Model { get; } = new("--model")
    {
        Description = "mixture: write weights, means and covariances (.tsr).",
        HelpName = "FILE",
    };

    public Option<string> Memberships { get; } = new("--memberships")
    {
        Description = "mixture: write the components that each vector belongs to, with their probabilities (.csv).",
        HelpName = "FILE",
    };

    public Option<double> Threshold { get; } = new("--threshold")
    {
        Description = "mixture: the least probability that --memberships lists; the most probable component is always listed.",
        HelpName = "P",
        DefaultValueFactory = _ => 0.1,
        CustomParser = result => Number.Parse<double>(result, value => value is >= 0 and <= 1, "a number from 0 to 1") ?? default,
    };

    public Option[] All => [Covariance, Pca, Try, Memory, Model, Memberships, Threshold];
}
