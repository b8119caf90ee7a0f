using System.CommandLine;

namespace Tessera.Cli.Hosting;

/// <summary>Options that mean the same wherever they stand.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on stdout and nothing else there.",
        Recursive = true,
    };

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Print no progress and no warnings.",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "Print the stack trace of a failure.",
        Recursive = true,
    };

    public static Option<ulong> Seed { get; } = new Option<ulong>("--seed")
    {
        Description = "Seed of all random choices; the same seed gives the same bits.",
        DefaultValueFactory = _ => 42,
    }.AtLeast(0UL);

    public static Option<int> Threads { get; } = new Option<int>("--threads")
    {
        Description = "Threads; 0 uses every processor.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);
}
