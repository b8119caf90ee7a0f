using System.Globalization;
using System.Text.Json;
using Tessera.SemanticIds.Files;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Texts;

/// <summary>
/// Vectors of texts without a model: runs of letters and digits in lower case, a plural s taken off, those of the title counting
/// double, by the engine's <see cref="HashedTextEmbedder"/> (tf-idf, signed hashing, length 1).
/// It knows shared words, not meanings; give vectors of a language model where synonyms must meet.
/// </summary>
public sealed class ItemTextEmbedder
{
    private const string FileName = "text.json";
    private const float TitleWeight = 2;

    private readonly HashedTextEmbedder _embedder;

    private ItemTextEmbedder(HashedTextEmbedder embedder) => _embedder = embedder;

    /// <summary>Numbers in each vector.</summary>
    public int Dimension => _embedder.Dimension;

    /// <summary>Learns from texts how rare each word is.</summary>
    /// <param name="dimension">Numbers in each vector, at least 1; a few hundred for a few thousand words.</param>
    /// <param name="items">The texts.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    public static ItemTextEmbedder Fit(int dimension, IReadOnlyList<ItemText> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new ItemTextEmbedder(HashedTextEmbedder.Fit(dimension, items.Select(Tokens), cancellationToken));
    }

    /// <summary>One row for each text: length 1, or all 0 where it has no words.</summary>
    /// <param name="items">The texts.</param>
    /// <param name="threads">Threads; 0 uses every processor.</param>
    /// <param name="cancellationToken">Stops between texts.</param>
    public Matrix Embed(IReadOnlyList<ItemText> items, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return _embedder.Embed([.. items.Select(Tokens)], threads, cancellationToken);
    }

    /// <summary>Writes <c>text.json</c> into a model's folder, so that new texts are embedded as the first ones were.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(string folder)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("dimension", Dimension);
            json.WriteNumber("documents", _embedder.Documents);
            json.WriteStartObject("frequencies");
            foreach ((ulong hash, int count) in _embedder.Frequencies.OrderBy(pair => pair.Key))
                json.WriteNumber(hash.ToString("x16", CultureInfo.InvariantCulture), count);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        WholeFile.Write(Path.Combine(folder, FileName), buffer.ToArray());
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <returns>Null for a model that was not learnt from texts.</returns>
    /// <exception cref="TesseraFormatException">The file is damaged.</exception>
    public static ItemTextEmbedder? Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            var frequencies = new Dictionary<ulong, int>();
            foreach (JsonProperty pair in root.GetProperty("frequencies").EnumerateObject())
                frequencies.Add(ulong.Parse(pair.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), pair.Value.GetInt32());
            return new ItemTextEmbedder(new HashedTextEmbedder(root.GetProperty("dimension").GetInt32(), root.GetProperty("documents").GetInt32(), frequencies));
        }
        catch (JsonException damage)
        {
            throw new TesseraFormatException(path, "text", JsonOffset.Of(bytes, damage), $"this is not JSON: {damage.Message}");
        }
        catch (Exception damage) when (damage is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            throw new TesseraFormatException(path, "text", 0, $"this is no file of word frequencies, or it is damaged: {damage.Message}");
        }
    }

    private static ReadOnlyMemory<WeightedToken> Tokens(ItemText item)
    {
        var tokens = new List<WeightedToken>();
        Add(item.Title, TitleWeight, tokens);
        Add(item.Description, 1, tokens);
        return tokens.ToArray();
    }

    private static void Add(string text, float weight, List<WeightedToken> tokens)
    {
        string lower = text.ToLowerInvariant();
        for (int start = 0, end; start < lower.Length; start = end + 1)
        {
            for (end = start; end < lower.Length && char.IsLetterOrDigit(lower[end]);)
                end++;
            if (end == start)
                continue;
            ReadOnlySpan<char> word = lower.AsSpan(start, end - start);
            if (word.Length > 3 && word[^1] == 's' && word[^2] != 's')
                word = word[..^1];
            tokens.Add(new WeightedToken(HashedTextEmbedder.Hash(word), weight));
        }
    }
}
