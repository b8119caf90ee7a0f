namespace Tessera.CodeMap.Sources;

/// <summary>Lists the source files of a folder as git would see them: what <c>.gitignore</c> files name is left out, tracked or not.</summary>
internal static class SourceTree
{
    /// <summary>Lists the files below <paramref name="root"/>, as paths relative to it with '/', in ordinal order.</summary>
    /// <returns>The files, and how many folders could not be looked into.</returns>
    public static (List<string> Files, int UnreadableFolders) List(string root, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        int unreadable = 0;
        var pending = new Stack<Folder>();
        pending.Push(new Folder(root, "", OuterRules(root)));
        while (pending.TryPop(out Folder folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            unreadable += Visit(folder, found, pending) ? 0 : 1;
        }

        found.Sort(StringComparer.Ordinal);
        return (found, unreadable);
    }

    /// <param name="FullPath">Where the folder is.</param>
    /// <param name="Relative">Its path below the root, ending in '/'; empty for the root.</param>
    /// <param name="Rules">The ignore rules that hold in it, innermost first.</param>
    private readonly record struct Folder(string FullPath, string Relative, Rules? Rules);

    /// <summary>One <c>.gitignore</c> and those of the folders around it.</summary>
    /// <param name="Patterns">The file's patterns.</param>
    /// <param name="Folder">The folder that the file lies in.</param>
    /// <param name="Outer">The rules around it, which hold where this file says nothing.</param>
    private sealed record Rules(GitIgnore Patterns, string Folder, Rules? Outer)
    {
        public bool Ignores(string fullPath, bool isFolder)
        {
            string path = Path.GetRelativePath(Folder, fullPath).Replace('\\', '/');
            return Patterns.Ignores(path, isFolder) ?? Outer?.Ignores(fullPath, isFolder) ?? false;
        }
    }

    private static bool Visit(Folder folder, List<string> found, Stack<Folder> pending)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(folder.FullPath).GetFileSystemInfos();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        Rules? rules = RulesOf(folder.FullPath, folder.Rules);
        foreach (FileSystemInfo entry in entries)
        {
            bool isFolder = entry is DirectoryInfo;
            // A link leads out of the tree, or round in it.
            if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || (isFolder ? IsNeverSource(entry.Name) : !IsSource(entry.Name)))
                continue;
            if (rules is not null && rules.Ignores(entry.FullName, isFolder))
                continue;
            if (isFolder)
                pending.Push(new Folder(entry.FullName, $"{folder.Relative}{entry.Name}/", rules));
            else
                found.Add(folder.Relative + entry.Name);
        }

        return true;
    }

    private static bool IsSource(string name) => Language.Of(name) is not null;

    private static bool IsNeverSource(string name) => name is "bin" or "obj" or "node_modules" || name.StartsWith('.');

    // The root may be a folder inside a repository, whose own rules reach down to it.
    private static Rules? OuterRules(string root)
    {
        var above = new Stack<string>();
        for (DirectoryInfo? folder = new(root); folder is not null; folder = folder.Parent)
        {
            if (folder.FullName != root)
                above.Push(folder.FullName);
            if (Path.Exists(Path.Combine(folder.FullName, ".git")))
                return above.Aggregate((Rules?)null, (outer, path) => RulesOf(path, outer));
        }

        return null;
    }

    private static Rules? RulesOf(string folder, Rules? outer)
    {
        string path = Path.Combine(folder, ".gitignore");
        try
        {
            return File.Exists(path) ? new Rules(GitIgnore.Parse(File.ReadLines(path)), folder, outer) : outer;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return outer;
        }
    }
}
