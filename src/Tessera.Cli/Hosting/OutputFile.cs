namespace Tessera.Cli.Hosting;

/// <summary>Files that a command writes.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a target that could not be written, before the work rather than after it.</summary>
    public static void Check(string? path, string option)
    {
        if (path is null)
            return;
        if (path.Length == 0)
            throw new UsageException($"{option} is empty; give the name of a file.");
        if (Directory.Exists(path))
            throw new FailureException($"{option} {path}: is a folder; give the name of a file in it.");
        string folder = Folder(path);
        if (!Directory.Exists(folder))
            throw new FailureException($"{option} {path}: there is no folder {folder}; create it first.");
    }

    /// <summary>Refuses a target whose extension is not the one that is written.</summary>
    public static void Check(string? path, string option, string extension)
    {
        Check(path, option);
        if (path is not null && !path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"{option} {path}: give a name that ends in {extension}.");
    }

    /// <summary>The folder that a file lies in.</summary>
    public static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>Writes text beside its target and renames it, so that the target is the old file or the whole new one.</summary>
    public static void WriteText(string path, string text)
    {
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
