using Tessera.Indexes;
using Tessera.Music.Packs;
using Tessera.Storage;

namespace Tessera.Music.Retrieval;

/// <summary>
/// A saved index: <c>patterns.tsr</c> holds genres, sources and tokens, <c>vectors/PARENT.tsr</c> and <c>vectors/PARENT/CHILD.tsr</c> the vectors.
/// The patterns are written last and name how many vectors belong to them.
/// </summary>
internal static class StyleIndexFile
{
    private const string Kind = "tessera/style-index";
    private const string PatternsFile = "patterns.tsr";
    private const string VectorsFolder = "vectors";

    public static void Save(string folder, HierarchicalStyleIndex index)
    {
        Directory.CreateDirectory(folder);
        GenreIndex[] genres = [.. index.Genres.Values.OrderBy(genre => genre.Parent, StringComparer.Ordinal).ThenBy(genre => genre.Child, StringComparer.Ordinal)];
        var table = new TokenTable();
        var sources = new TokenTable();
        var tokens = new List<int>();
        var patterns = new List<int>();
        var counts = new List<int>();
        foreach (GenreIndex genre in genres)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(folder, genre.Parent, genre.Child))!);
            // Adds may go on meanwhile: first the patterns, of which there are never fewer than vectors.
            genre.Save(PathOf(folder, genre.Parent, genre.Child));
            using (VectorIndex saved = VectorIndex.Open(PathOf(folder, genre.Parent, genre.Child)))
                counts.Add((int)saved.Count);
            foreach (StylePattern pattern in genre.Patterns.Span[..counts[^1]])
            {
                patterns.AddRange([sources.IdOf(pattern.Source), pattern.Bar, pattern.Tokens.Count]);
                foreach (string token in pattern.Tokens)
                    tokens.Add(table.IdOf(token));
            }
        }

        using TsrWriter writer = TsrWriter.Create(Path.Combine(folder, PatternsFile), Kind);
        writer.WriteText("embedder", index.Embedder.Name);
        writer.Write<int>("dimension", [index.Embedder.Dimension]);
        if (index.Embedder is LearnedEmbedder learned)
            learned.WriteTo(writer);
        writer.WriteText("genres", string.Join('\n', genres.Select(genre => $"{genre.Parent}\t{genre.Child}")));
        writer.Write<float>("weights", [.. genres.Select(genre => genre.Weight)]);
        writer.Write<int>("counts", [.. counts]);
        writer.WriteText("token-table", string.Join('\n', table.Snapshot()));
        writer.WriteText("sources", string.Join('\n', sources.Snapshot()));
        writer.Write<int>("patterns", [.. patterns]);
        writer.Write<int>("tokens", [.. tokens]);
        writer.Commit();
    }

    public static HierarchicalStyleIndex Load(string folder, StyleIndexOptions options)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: there is no such folder; build the index with 'tessera music index'.");
        using TsrReader file = TsrReader.Open(Path.Combine(folder, PatternsFile));
        file.RequireKind(Kind);
        IPatternEmbedder embedder = ReadEmbedder(file);
        var index = new HierarchicalStyleIndex(options with { Embedder = embedder, EmbeddingDim = Math.Max(64, embedder.Dimension) });
        try
        {
            string[] lines = Lines(file, "genres");
            string[][] genres = [.. lines.Select(line => line.Split('\t'))];
            ReadOnlySpan<float> weights = file.ReadExactly<float>("weights", genres.Length).Span;
            ReadOnlySpan<int> counts = file.ReadExactly<int>("counts", genres.Length).Span;
            var patterns = new PatternCursor(file);
            for (int i = 0; i < genres.Length; i++)
            {
                if (genres[i] is not [{ Length: > 0 } parent, var name] || !(weights[i] > 0) || counts[i] < 0)
                    throw file.Error("genres", $"line {i + 1} is no genre.");
                string? child = name.Length == 0 ? null : name;
                var own = new StylePattern[Math.Min(counts[i], patterns.Left)];
                for (int pattern = 0; pattern < own.Length; pattern++)
                    own[pattern] = patterns.Next(parent, child, weights[i]);
                VectorIndex vectors = VectorIndex.Open(PathOf(folder, parent, child));
                if (vectors.Count != counts[i] || own.Length != counts[i] || vectors.Dimension != embedder.Dimension)
                {
                    vectors.Dispose();
                    throw file.Error("counts", $"{counts[i]} patterns of '{lines[i].Replace('\t', ' ')}' do not go with the vectors beside them; the files are of two savings, build the index anew.");
                }

                index.Take(GenreIndex.Open(parent, child, weights[i], vectors, own));
            }

            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    private static IPatternEmbedder ReadEmbedder(TsrReader file)
    {
        int dimension = file.ReadExactly<int>("dimension", 1).Span[0];
        string name = file.ReadText("embedder");
        if (dimension is < 1 or > VectorIndex.MaxDimension || (name == "profile" && dimension < 64))
            throw file.Error("dimension", $"no embedder has dimension {dimension}.");
        return name switch
        {
            "reference" => new ReferenceEmbedder(dimension),
            "profile" => new ProfileEmbedder(dimension),
            "learned" => LearnedEmbedder.ReadFrom(file),
            _ => throw file.Error("embedder", $"'{name}' is none of reference, profile, learned."),
        };
    }

    private static string[] Lines(TsrReader file, string section) =>
        file.ReadText(section) is { Length: > 0 } text ? text.Split('\n') : [];

    private static string PathOf(string folder, string parent, string? child) =>
        child is null ? Path.Combine(folder, VectorsFolder, parent + ".tsr") : Path.Combine(folder, VectorsFolder, parent, child + ".tsr");

    /// <summary>Takes one pattern after the other out of the file.</summary>
    private sealed class PatternCursor(TsrReader file)
    {
        private readonly string[] _table = Lines(file, "token-table");
        private readonly string[] _sources = Lines(file, "sources");
        private readonly ReadOnlyMemory<int> _patterns = file.Read<int>("patterns");
        private readonly ReadOnlyMemory<int> _tokens = file.Read<int>("tokens");
        private int _pattern;
        private int _token;

        public int Left => _patterns.Length / 3 - _pattern;

        public StylePattern Next(string parent, string? child, float weight)
        {
            ReadOnlySpan<int> shape = _patterns.Span.Slice(3 * _pattern, 3);
            if ((uint)shape[0] >= (uint)_sources.Length || shape[2] < 0 || shape[2] > _tokens.Length - _token)
                throw file.Error("patterns", $"pattern {_pattern} is damaged.");
            var tokens = new string[shape[2]];
            ReadOnlySpan<int> ids = _tokens.Span.Slice(_token, tokens.Length);
            for (int i = 0; i < tokens.Length; i++)
                tokens[i] = (uint)ids[i] < (uint)_table.Length ? _table[ids[i]] : throw file.Error("tokens", $"the token {_token + i} has the number {ids[i]}; there are {_table.Length}.");
            _pattern++;
            _token += tokens.Length;
            return new StylePattern(tokens, parent, child, _sources[shape[0]], shape[1]) { Weight = weight };
        }
    }
}
