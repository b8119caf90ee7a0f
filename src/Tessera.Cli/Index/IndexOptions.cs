using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Index;

/// <summary>Arguments and options that several verbs share.</summary>
internal static class IndexOptions
{
    public static Argument<string> Index() => new("INDEX")
    {
        Description = "The index file (.tsr).",
    };

    /// <summary>Where a changed index goes.</summary>
    public static Option<string> Rewritten() => new("--out", "-o")
    {
        Description = "Write the changed index to another file and leave this one as it is.",
        HelpName = "INDEX",
    };

    public static Option<bool> NoVerify() => new("--no-verify")
    {
        Description = "Do not read the whole file first to check it against its checksums: opens a large one at once.",
    };

    public static Option<string> Queries() => new("--queries")
    {
        Description = "A file of query vectors.",
        HelpName = "VECTORS",
        Required = true,
    };

    public static Option<Metric> Metric() => new("--metric")
    {
        Description = "How vectors are compared: l2 (default), ip, cosine.",
        HelpName = "METRIC",
        CustomParser = result =>
        {
            string name = result.Tokens.Single().Value;
            if (MetricNames.Parse(name) is { } metric)
                return metric;
            result.AddError($"--metric is '{name}'; give one of: {MetricNames.All}.");
            return default;
        },
    };

    public static Option<int> K(string what) => new Option<int>("-k")
    {
        Description = what,
        DefaultValueFactory = _ => 10,
    }.AtLeast(1);

    public static Option<int> Rerank() => new("--rerank")
    {
        Description = "Candidates that an index with exact rerank takes from its codes, as a multiple of k.",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
        CustomParser = result => Number.Parse<int>(result, factor => factor is >= 1 and <= 1000, "a whole number of 1 to 1000") ?? default,
    };
}
