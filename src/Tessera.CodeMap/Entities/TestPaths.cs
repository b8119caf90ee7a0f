using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Entities;

/// <summary>Tells the paths of tests from those of the code that they test.</summary>
internal static class TestPaths
{
    /// <summary>Whether a folder's name begins or ends with the word test, or the file's ends with it.</summary>
    public static bool IsTest(string path)
    {
        string[] names = path.Split('/');
        return names.SkipLast(1).Any(folder => HasTest(folder, atStart: true))
            || HasTest(Path.GetFileNameWithoutExtension(names[^1]), atStart: false);
    }

    private static bool HasTest(string name, bool atStart)
    {
        var parts = new List<Range>();
        IdentifierSplitter.Split(name, parts);
        return parts.Count > 0 && (IsTestWord(name[parts[^1]]) || (atStart && IsTestWord(name[parts[0]])));
    }

    private static bool IsTestWord(string part) =>
        part.Equals("test", StringComparison.OrdinalIgnoreCase) || part.Equals("tests", StringComparison.OrdinalIgnoreCase);
}
