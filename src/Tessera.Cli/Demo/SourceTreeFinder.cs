using Tessera.Cli.Hosting;

namespace Tessera.Cli.Demo;

/// <summary>Finds the source tree that the command stands in or was built from.</summary>
internal static class SourceTreeFinder
{
    private const string Marker = "Tessera.slnx";

    /// <summary>The nearest folder with Tessera's solution, from the current folder upwards, or else from the command's own.</summary>
    public static string Find() =>
        TryFind()
        ?? throw new FailureException($"There is no {Marker} above {Directory.GetCurrentDirectory()}; give a folder of sources with --path.");

    /// <summary>The same; null where there is none.</summary>
    public static string? TryFind() => Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory);

    /// <summary>Whether a folder is Tessera's own source tree.</summary>
    public static bool IsTessera(string folder) => File.Exists(Path.Combine(folder, Marker));

    private static string? Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            if (IsTessera(at.FullName))
                return at.FullName;
        }

        return null;
    }
}
