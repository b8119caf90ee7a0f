using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Storage;
using Tessera.Vectors;

namespace Tessera.CodeMap;

/// <summary>Layer 0 of a map, before vectors.</summary>
/// <param name="Files">The files, in the order of paths.</param>
/// <param name="Entities">Their entities, in the order of files and texts.</param>
/// <param name="Tokens">The weighted tokens of each entity.</param>
/// <param name="Mentions">The names that each entity mentions.</param>
internal sealed record MapContents(IReadOnlyList<FileRecord> Files, CodeEntity[] Entities, WeightedToken[][] Tokens, string[][] Mentions)
{
    /// <summary>Each file with what it holds, by path: for a map of one repository.</summary>
    public Dictionary<string, KnownFile> ByPath()
    {
        var ranges = new Dictionary<string, Range>(StringComparer.Ordinal);
        for (int start = 0; start < Entities.Length;)
        {
            int end = start + 1;
            while (end < Entities.Length && Entities[end].Path == Entities[start].Path)
                end++;
            ranges[Entities[start].Path] = start..end;
            start = end;
        }

        return Files.ToDictionary(
            file => file.Path,
            file => ranges.TryGetValue(file.Path, out Range range)
                ? new KnownFile(file, new FileEntities(Entities[range], Tokens[range], Mentions[range]))
                : new KnownFile(file, new FileEntities([], [], [])),
            StringComparer.Ordinal);
    }
}
