using System.Text;
using System.Text.Json;
using Tessera.Music.Tokens;

namespace Tessera.Music.Packs;

/// <summary>Reads the files of packs, collecting what is wrong with some of them.</summary>
internal sealed class PackReader(string root)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // The same few hundred tokens stand in millions of places.
    private readonly Dictionary<string, string> _spellings = new(StringComparer.Ordinal);

    public List<StylePattern> Patterns { get; } = [];

    public List<PackProblem> Problems { get; } = [];

    public void ReadPack(string folder, string parent, string? child, float weight, CancellationToken cancellationToken)
    {
        string references = Path.Combine(folder, StylePacks.References);
        if (!Directory.Exists(references))
            return;
        foreach (string file in Directory.EnumerateFiles(references).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isTokens = file.EndsWith(".tokens", StringComparison.OrdinalIgnoreCase);
            if (!isTokens && !file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                continue;
            string source = Path.GetRelativePath(root, file).Replace('\\', '/');
            var bars = new List<IReadOnlyList<string>>();
            if ((isTokens ? ReadTokens(file, bars) : ReadJson(file, bars)) is { } problem)
                Problems.Add(problem with { File = source });
            else
                Patterns.AddRange(bars.Select((bar, number) => new StylePattern(bar, parent, child, source, number) { Weight = weight }));
        }
    }

    private PackProblem? ReadTokens(string file, List<IReadOnlyList<string>> bars)
    {
        string text;
        try
        {
            text = Strict.GetString(File.ReadAllBytes(file));
        }
        catch (DecoderFallbackException)
        {
            return new PackProblem(file, 1, "it is not UTF-8 text.");
        }

        var tokens = new List<string>();
        long line = 0;
        foreach (ReadOnlySpan<char> row in text.AsSpan().EnumerateLines())
        {
            line++;
            foreach (Range range in row.SplitAny(' ', '\t'))
            {
                if (row[range].IsEmpty)
                    continue;
                if (!MusicToken.TryParse(row[range], out _) || row[range].ContainsAnyInRange('\0', '\u001F'))
                    return new PackProblem(file, line, $"'{Shortened(row[range].ToString())}' is no token.");
                tokens.Add(Spelled(row[range].ToString()));
            }
        }

        if (tokens.Count == 0)
            return new PackProblem(file, 1, "there are no tokens in it.");
        bars.Add(tokens);
        return null;
    }

    private PackProblem? ReadJson(string file, List<IReadOnlyList<string>> bars)
    {
        byte[] bytes = File.ReadAllBytes(file);
        var reader = new Utf8JsonReader(bytes);
        try
        {
            if (!MoveToBars(ref reader))
                return new PackProblem(file, 1, "it has no array 'tokenized_bars'.");
            while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            {
                var bar = new List<string>();
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    string token = reader.GetString()!;
                    if (!MusicToken.TryParse(token, out _) || token.Any(char.IsWhiteSpace))
                        return new PackProblem(file, LineOf(bytes, reader.TokenStartIndex), $"'{Shortened(token)}' is no token.");
                    bar.Add(Spelled(token));
                }

                if (reader.TokenType != JsonTokenType.EndArray)
                    return new PackProblem(file, LineOf(bytes, reader.TokenStartIndex), "a bar holds strings only.");
                if (bar.Count > 0)
                    bars.Add(bar);
            }

            if (reader.TokenType != JsonTokenType.EndArray)
                return new PackProblem(file, LineOf(bytes, reader.TokenStartIndex), "'tokenized_bars' holds arrays only.");
            while (reader.Read())
            {
                // The rest must be JSON too: a file cut short is not to be taken for a whole one.
            }
        }
        catch (JsonException problem)
        {
            return new PackProblem(file, (problem.LineNumber ?? 0) + 1, "it is not JSON, or cut short.");
        }
        catch (InvalidOperationException)
        {
            return new PackProblem(file, LineOf(bytes, reader.TokenStartIndex), "a string is not UTF-8 text.");
        }

        return bars.Count > 0 ? null : new PackProblem(file, 1, "there are no bars in it.");
    }

    private static bool MoveToBars(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isBars = reader.ValueTextEquals("tokenized_bars");
            reader.Read();
            if (isBars)
                return reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
        }

        return false;
    }

    private string Spelled(string token)
    {
        if (_spellings.TryGetValue(token, out string? known))
            return known;
        _spellings.Add(token, token);
        return token;
    }

    private static long LineOf(byte[] bytes, long offset) => bytes.AsSpan(0, (int)Math.Min(offset, bytes.Length)).Count((byte)'\n') + 1;

    private static string Shortened(string token) => token.Length <= 40 ? token : token[..40] + "...";
}
