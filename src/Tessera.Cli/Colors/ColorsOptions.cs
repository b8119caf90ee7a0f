using System.CommandLine;
using Tessera.Cli.Hosting;
using Tessera.Colors.Collections;
using Tessera.Colors.Images;
using Tessera.Colors.Queries;
using Tessera.Stores.Colors;

namespace Tessera.Cli.Colors;

/// <summary>What several commands of colours share.</summary>
internal static class ColorsOptions
{
    public static Option<string> Index() => new("--index", "-i")
    {
        Description = "The folder of an index, as 'colors index' writes it.",
        HelpName = "F",
        Required = true,
    };

    public static Option<int> K(string description, int initial) => new Option<int>("-k")
    {
        Description = description,
        DefaultValueFactory = _ => initial,
    }.AtLeast(1);

    public static ColorCollection Open(string folder) => File.Exists(folder)
        ? throw new FailureException($"--index {folder}: is a file; give the folder that 'colors index' wrote.")
        : Told(() => ColorIndexFolder.Open(folder));

    /// <summary>Does what may find an image broken, a query wrong or libvips missing, and tells it in one line.</summary>
    public static T Told<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ColorQueryException problem)
        {
            throw new UsageException(problem.Message, problem);
        }
        catch (Exception problem) when (problem is ImageException or FileNotFoundException)
        {
            throw new FailureException(problem.Message, problem);
        }
    }
}
