using System.Diagnostics;

namespace Tessera.Cli.Tests.Code.Worker;

/// <summary>A small code base in a folder of a workspace, and a git clone where a test asks for commits.</summary>
internal static class SampleRepository
{
    private static readonly string[] Things = ["Anchor", "Ledger", "Glyph", "Comet", "Sensor", "Harvest"];

    /// <summary>Writes a few classes with a few methods each.</summary>
    public static void Write(string folder, int version = 1)
    {
        Directory.CreateDirectory(folder);
        foreach (string thing in Things)
        {
            File.WriteAllText(Path.Combine(folder, $"{thing}.cs"), $$"""
                /// <summary>Keeps a {{thing}} in version {{version}}.</summary>
                class {{thing}}
                {
                    /// <summary>Says how heavy the {{thing}} of a person is.</summary>
                    int {{thing}}Weight(int person) => person * {{version}};

                    void Move{{thing}}(int distance) { {{thing}}Weight(distance); }
                }
                """);
        }
    }

    /// <summary>Commits what lies in a folder, which becomes a repository if it is none, and returns the commit.</summary>
    public static string Commit(string folder)
    {
        Git(folder, "init", "--quiet");
        Git(folder, "add", "--all");
        Git(folder, "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "A state of it");
        return Git(folder, "rev-parse", "HEAD");
    }

    private static string Git(string folder, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }
}
