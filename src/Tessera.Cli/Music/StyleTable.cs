using Tessera.Cli.Hosting;

namespace Tessera.Cli.Music;

/// <summary>Styles of MIDI files from a table such as the <c>info.csv</c> of the Groove MIDI Dataset: columns <c>midi_filename</c> and <c>style</c>, and if there <c>split</c> and <c>beat_type</c>.</summary>
internal static class StyleTable
{
    public static IReadOnlyList<StyledFile> Read(string path, string folder, string? split)
    {
        string[] lines = File.ReadAllLines(path);
        string[] names = lines.Length == 0 ? [] : lines[0].Split(',');
        int file = Column("midi_filename"), style = Column("style"), ofSplit = Array.IndexOf(names, "split"), section = Array.IndexOf(names, "beat_type");
        if (split is not null && ofSplit < 0)
            throw new FailureException($"{path}: has no column 'split', which --split asks for.");
        var files = new List<StyledFile>();
        for (int line = 1; line < lines.Length; line++)
        {
            string[] cells = lines[line].Split(',');
            if (lines[line].Length == 0)
                continue;
            if (cells.Length != names.Length)
                throw new FailureException($"{path}: line {line + 1} has {cells.Length} cells where the first line names {names.Length}.");
            if (split is null || cells[ofSplit] == split)
                files.Add(new StyledFile(Path.Combine(folder, cells[file]), cells[file], cells[style], section < 0 ? null : cells[section].ToUpperInvariant()));
        }

        return files;

        int Column(string name) => Array.IndexOf(names, name) is >= 0 and var at ? at : throw new FailureException($"{path}: has no column '{name}'; the first line names the columns.");
    }

    /// <summary>Without a table the folders say the style: PARENT/*.mid and PARENT/CHILD/*.mid.</summary>
    public static IReadOnlyList<StyledFile> OfFolders(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.mid", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder, "*.midi", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, name: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .Select(pair => new StyledFile(pair.file, pair.name, pair.name.Split('/') is [var parent, .. var rest, _] ? rest.Length > 0 ? $"{parent}/{rest[0]}" : parent : "music", null)),
    ];
}
