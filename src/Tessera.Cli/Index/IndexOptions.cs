using System.CommandLine;
using Tessera.Cli.Hosting;

namespace Tessera.Cli.Index;

/// <summary>Arguments and options that several verbs share.</summary>
internal static class IndexOptions
{
    public static Argument<string> Index() => new("INDEX")
    {
        Description = "The index file (.tsr).",
    };

    public static Option<string> Queries() => new("--queries")
    {
        Description = "A file of query vectors.",
        HelpName = "VECTORS",
        Required = true,
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
