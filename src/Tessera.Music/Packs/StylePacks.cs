namespace Tessera.Music.Packs;

/// <summary>
/// The patterns of a folder of style packs, <c>PARENT/refs_midi/*</c> and <c>PARENT/CHILD/refs_midi/*</c>, with the files <c>*.tokens</c>
/// (tokens with white space between, one pattern) and <c>*.json</c> (an array <c>tokenized_bars</c> of arrays of tokens, one pattern a bar).
/// </summary>
/// <param name="Patterns">The patterns, in the ordinal order of their files.</param>
/// <param name="Problems">Files that were left out.</param>
public sealed record StylePacks(IReadOnlyList<StylePattern> Patterns, IReadOnlyList<PackProblem> Problems)
{
    /// <summary>The folder that holds the files of a pack.</summary>
    public const string References = "refs_midi";

    /// <summary>Reads a folder of packs. Malformed files are left out and named in <see cref="Problems"/>.</summary>
    /// <param name="folder">The folder that holds a folder for each parent genre.</param>
    /// <param name="childWeight">The weight of children's patterns, above 0 (default 1.5).</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static StylePacks Load(string folder, float childWeight = 1.5f, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!(childWeight > 0) || !float.IsFinite(childWeight))
            throw new ArgumentOutOfRangeException(nameof(childWeight), childWeight, "The weight of children is a number above 0, such as 1.5.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: there is no such folder; give the folder that holds a folder for each parent genre.");
        var reader = new PackReader(folder);
        foreach (string parent in Folders(folder))
        {
            reader.ReadPack(parent, Path.GetFileName(parent), null, 1, cancellationToken);
            foreach (string child in Folders(parent))
                reader.ReadPack(child, Path.GetFileName(parent), Path.GetFileName(child), childWeight, cancellationToken);
        }

        return new StylePacks(reader.Patterns, reader.Problems);
    }

    /// <summary>The pieces: for each file its tokens, the bars of a <c>.json</c> joined to one sequence.</summary>
    public IEnumerable<(string Source, string Parent, string? Child, string[] Tokens)> Pieces() => Patterns
        .GroupBy(pattern => pattern.Source, StringComparer.Ordinal)
        .Select(piece => (piece.Key, piece.First().ParentGenre, piece.First().ChildGenre, Tokens.BarSequence.Join(piece.OrderBy(pattern => pattern.Bar).Select(pattern => pattern.Tokens))));

    private static IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(folder)
        .Where(path => Path.GetFileName(path) is not (References or "refs_audio"))
        .Order(StringComparer.Ordinal);
}
