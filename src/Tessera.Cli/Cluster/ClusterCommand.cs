using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary><c>tessera cluster</c>: groups the vectors of a file, by one of several methods.</summary>
internal sealed class ClusterCommand : CliCommand
{
    private readonly ClusterOptions _options = new();
    private readonly ClusterMethod[] _methods;

    public ClusterCommand()
        : base(
            "cluster",
            "Group vectors: k-means, clusters of equal sizes, or a Gaussian mixture.",
            "tessera cluster base.npy -k 256 --out centroids.npy",
            "tessera cluster base.npy -k 1000 --sample 100000 --redo 3 --out centroids.npy --assignments clusters.ivecs",
            "tessera cluster base.npy -k 100 --method balanced --out centroids.npy --assignments clusters.ivecs",
            "tessera cluster base.npy -k 10 --try 20,40 --method mixture --pca 32 --covariance full --out means.npy --memberships soft.csv")
    {
        _methods = [new KMeansMethod(_options), new BalancedMethod(_options), new MixtureMethod(_options)];
        Add(_options.Vectors);
        Add(_options.K);
        Add(_options.Method);
        Add(_options.Iterations);
        Add(_options.Redo);
        Add(_options.Sample);
        Add(_options.Out);
        Add(_options.Assignments);
        foreach (var option in _methods.SelectMany(method => method.Own).Distinct())
            Add(option);
        Add(CommonOptions.Seed);
        Add(CommonOptions.Threads);
    }

    protected override void Execute(CommandContext context, CancellationToken cancellationToken)
    {
        var method = Method(context);
        OutputFile.Check(context.Get(_options.Out), "--out", ".npy");
        OutputFile.Check(context.Find(_options.Assignments), "--assignments", ".ivecs");
        method.Check(context);
        using var input = VectorFile.Open(context.Get(_options.Vectors));
        int sample = context.Get(_options.Sample), clusters = context.Get(_options.K);
        long available = sample == 0 ? input.Rows : Math.Min(sample, input.Rows);
        if (clusters > available)
            throw new UsageException($"-k is {clusters}, but there are {available} vectors to cluster; give 1 to {available}.");

        long most = Array.MaxLength / input.Dimension;
        if (available > most)
            throw new FailureException($"{input.Path}: {available} vectors of dimension {input.Dimension} do not fit one array; give --sample {most} or less.");

        bool whole = available == input.Rows;
        var vectors = whole ? VectorFile.Read(input.Path, cancellationToken) : VectorFile.Sample(input.Path, sample, context.Seed, cancellationToken);
        method.Run(new ClusterJob(context, input, vectors, whole, cancellationToken));
    }

    /// <summary>The method that the command line names, if no option stands there that it does not take.</summary>
    private ClusterMethod Method(CommandContext context)
    {
        string name = context.Get(_options.Method);
        var method = _methods.FirstOrDefault(method => method.Name == name)
            ?? throw new UsageException($"--method is '{name}'; give {string.Join(" or ", _methods.Select(method => method.Name))}.");
        foreach (var option in _methods.SelectMany(other => other.Own).Except(method.Own))
        {
            if (context.IsGiven(option))
            {
                var takers = _methods.Where(other => other.Own.Contains(option)).Select(other => other.Name);
                throw new UsageException($"{option.Name} has no meaning for --method {name}; it goes with {string.Join(" and ", takers)}.");
            }
        }

        return method;
    }
}
