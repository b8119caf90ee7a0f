using System.Text.Encodings.Web;
using System.Text.Json;
using Tessera.Music.Packs;
using Tessera.Storage;

namespace Tessera.Music.Tokens;

/// <summary>Tokens and their ids, 0 to <see cref="Count"/> - 1, as <c>vocab.json</c> holds them: <c>{"STYLE=pop": 0, "TEMPO=120": 1, ...}</c>. Immutable.</summary>
public sealed class Vocabulary
{
    /// <summary>Stands for a token that the vocabulary does not have.</summary>
    public const int Unknown = -1;

    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _ids;

    /// <summary>Makes a vocabulary in which each token has its place as id.</summary>
    /// <exception cref="ArgumentException">A token stands twice, or is empty.</exception>
    public Vocabulary(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _tokens = [.. tokens];
        _ids = new Dictionary<string, int>(_tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < _tokens.Length; id++)
        {
            if (string.IsNullOrEmpty(_tokens[id]) || !_ids.TryAdd(_tokens[id], id))
                throw new ArgumentException($"Token {id}, '{_tokens[id]}', is empty or stands there twice.", nameof(tokens));
        }
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>The token of an id.</summary>
    public string this[int id] => _tokens[id];

    /// <summary>The id of a token, or <see cref="Unknown"/>.</summary>
    public int IdOf(string token) => _ids.GetValueOrDefault(token, Unknown);

    /// <summary>All tokens, in the order of their ids.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The vocabulary of some sequences, in ordinal order, so that the same tokens get the same ids in whatever order they come.</summary>
    public static Vocabulary Of(IEnumerable<IReadOnlyList<string>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (IReadOnlyList<string> sequence in sequences)
            tokens.UnionWith(sequence);
        return new Vocabulary(tokens.Order(StringComparer.Ordinal));
    }

    /// <summary>The ids of tokens; <see cref="Unknown"/> for those it does not have.</summary>
    public int[] Encode(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var ids = new int[tokens.Count];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = IdOf(tokens[i]);
        return ids;
    }

    /// <summary>The tokens of ids.</summary>
    /// <exception cref="IndexOutOfRangeException">An id is none of this vocabulary.</exception>
    public string[] Decode(ReadOnlySpan<int> ids)
    {
        var tokens = new string[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            tokens[i] = _tokens[ids[i]];
        return tokens;
    }

    /// <summary>Writes <c>vocab.json</c>.</summary>
    public void Save(string path)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            for (int id = 0; id < _tokens.Length; id++)
                json.WriteNumber(_tokens[id], id);
            json.WriteEndObject();
        }

        WholeFile.Write(path, buffer.ToArray());
    }

    /// <summary>Reads a <c>vocab.json</c>, whoever wrote it.</summary>
    /// <exception cref="TesseraFormatException">The file is no JSON object of tokens to the ids 0 to n - 1.</exception>
    public static Vocabulary Load(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var tokens = new Dictionary<int, string>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!tokens.TryAdd(property.Value.GetInt32(), property.Name))
                    throw new TesseraFormatException(path, "vocabulary", 0, $"the id {property.Value.GetInt32()} stands there twice.");
            }

            if (Enumerable.Range(0, tokens.Count).FirstOrDefault(id => !tokens.ContainsKey(id), -1) is var missing and >= 0)
                throw new TesseraFormatException(path, "vocabulary", 0, $"it has {tokens.Count} tokens and none with the id {missing}; ids are 0 to {tokens.Count - 1}.");
            return new Vocabulary(Enumerable.Range(0, tokens.Count).Select(id => tokens[id]));
        }
        catch (JsonException problem)
        {
            throw new TesseraFormatException(path, $"line {problem.LineNumber + 1}", problem.BytePositionInLine ?? 0, "it is not JSON.");
        }
        catch (Exception problem) when (problem is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new TesseraFormatException(path, "vocabulary", 0, $"it is no JSON object of tokens and whole numbers: {problem.Message}");
        }
    }
}
