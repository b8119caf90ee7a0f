using System.Text.RegularExpressions;

namespace Tessera.Architecture.Tests;

/// <summary>The documents keep up with the sources.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents() =>
        [.. ((string[])["", "docs", "bench", "samples"]).Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md"))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_into_the_repository_leads_somewhere(string document)
    {
        string file = Path.Combine(Repository.Root, document), folder = Path.GetDirectoryName(file)!;

        string[] dead = [.. Link().Matches(File.ReadAllText(file))
            .Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#') && !target.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target.Split('#')[0])))];

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_folder_of_sources_has_a_heading_in_the_architecture()
    {
        string[] headings = [.. File.ReadLines(Path.Combine(Repository.Root, "ARCHITECTURE.md")).Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' '))];
        string source = Path.Combine(Repository.Root, "src");
        IEnumerable<string> folders = Directory.EnumerateDirectories(source)
            .Concat(Directory.EnumerateDirectories(Path.Combine(source, "Tessera")).Where(folder => Directory.EnumerateFiles(folder, "*.cs").Any()));

        Assert.Empty(folders.Select(folder => Path.GetRelativePath(Repository.Root, folder).Replace('\\', '/')).Except(headings));
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
