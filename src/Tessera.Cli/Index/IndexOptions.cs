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

    public static Option<int> Rerank() => new Option<int>("--rerank")
    {
        Description = "Candidates that an index with exact rerank takes from its codes, as a multiple of k.",
        DefaultValueFactory = _ => 4,
    }.AtLeast(1);
}
