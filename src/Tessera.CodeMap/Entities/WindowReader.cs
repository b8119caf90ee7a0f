using Tessera.CodeMap.Sources;
using Tessera.CodeMap.Tokens;
using Tessera.Vectors;

namespace Tessera.CodeMap.Entities;

/// <summary>Cuts a file in which no declarations are known into stretches of lines: the last resort.</summary>
internal sealed class WindowReader(string? repository, Lexicon lexicon)
{
    private const int LinesEach = 40;

    /// <summary>Reads one file.</summary>
    /// <param name="path">Its path relative to the map's root, with '/'.</param>
    /// <param name="text">Its text.</param>
    /// <param name="language">Its language.</param>
    public FileEntities Read(string path, string text, Language language)
    {
        var source = new SourceText(text, language);
        var factory = new EntityFactory(repository, path);
        var words = new TextTokens(new TokenBag(lexicon), path);
        var entities = new List<CodeEntity>();
        var tokens = new List<WeightedToken[]>();
        var mentions = new List<string[]>();
        for (int first = 1; first <= source.Lines; first += LinesEach)
        {
            int last = Math.Min(source.Lines, first + LinesEach - 1);
            ReadOnlyMemory<char> lines = source.Slice(first, last);
            if (lines.Span.IsWhiteSpace())
                continue;
            entities.Add(factory.Make("", EntityKind.Part, Path.GetFileName(path), first, last, "", lines));
            tokens.Add(words.Collect("", "", "", "", source, first, last));
            mentions.Add(Mentions.Of(source.Code(first, last), ""));
        }

        return new FileEntities([.. entities], [.. tokens], [.. mentions]);
    }
}
