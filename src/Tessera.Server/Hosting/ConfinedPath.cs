namespace Tessera.Server.Hosting;

/// <summary>Paths that must not lead out of a folder, not by <c>..</c> and not by links.</summary>
internal static class ConfinedPath
{
    private const int MostLinks = 40;

    /// <summary>The real place of a path below a folder.</summary>
    /// <exception cref="RequestException">There is no such file, or it lies elsewhere.</exception>
    public static string Resolve(string root, string relative)
    {
        string real = Real(root);
        if (Path.IsPathRooted(relative) || relative.Contains('\0'))
            throw Outside(relative);
        string path = Real(Path.GetFullPath(Path.Combine(real, relative)));
        if (!path.StartsWith(Path.EndsInDirectorySeparator(real) ? real : real + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw Outside(relative);
        return File.Exists(path) ? path : throw RequestException.NotFound($"The file {Check.Shown(relative)} is no longer there.");
    }

    /// <summary>A full path with all links in it followed.</summary>
    private static string Real(string path)
    {
        path = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (FirstLink(path) is not { } link)
                return path;
            string target = Path.GetFullPath(link.Target, Path.GetDirectoryName(link.Path)!);
            path = Path.GetFullPath(target + path[link.Path.Length..]);
        }

        throw RequestException.NotFound("The path goes through too many links.");
    }

    private static (string Path, string Target)? FirstLink(string path)
    {
        for (int end = path.IndexOf(Path.DirectorySeparatorChar, 1); ; end = path.IndexOf(Path.DirectorySeparatorChar, end + 1))
        {
            string part = end < 0 ? path : path[..end];
            if (new FileInfo(part).LinkTarget is { } target)
                return (part, target);
            if (end < 0)
                return null;
        }
    }

    private static RequestException Outside(string relative) => RequestException.NotFound($"The file {Check.Shown(relative)} is not in the folder that is served.");
}
