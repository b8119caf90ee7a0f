namespace Tessera.Architecture.Tests;

/// <summary>The checkout that the tests run from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Tessera.slnx.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Tessera.slnx")))
                return folder;
        }

        throw new InvalidOperationException($"No Tessera.slnx in {AppContext.BaseDirectory} or above: run the tests from the repository.");
    }
}
