using System.Globalization;
using System.Text;
using System.Text.Json;
using Tessera.SemanticIds.Files;
using Tessera.Storage;

namespace Tessera.SemanticIds.Texts;

/// <summary>
/// Lists of items as texts: <c>.txt</c> (one item a line, named by its number from 0), <c>.jsonl</c> or <c>.ndjson</c> (one JSON
/// object a line), <c>.json</c> (an array of objects, or one object of objects by their items). Of an object count <c>title</c>,
/// <c>name</c> or <c>text</c> as the title, <c>description</c>, <c>brand</c> and <c>categories</c> as the description, and
/// <c>id</c> or <c>item</c> as the item.
/// </summary>
public static class ItemTextFile
{
    private static readonly string[] Extensions = [".txt", ".jsonl", ".ndjson", ".json"];
    private static readonly string[] TitleFields = ["title", "name", "text"];
    private static readonly string[] DescriptionFields = ["description", "brand", "categories"];

    /// <summary>Whether a file's name ends as one of these.</summary>
    public static bool IsOne(string path) => Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a file; lines of nothing but spaces are passed over.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is empty, no JSON, or an object has no title.</exception>
    public static IReadOnlyList<ItemText> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes = File.ReadAllBytes(path);
        List<ItemText> items = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? Document(path, bytes)
            : Lines(path, bytes, isJson: !path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase));
        return items.Count > 0 ? items : throw new TesseraFormatException(path, "items", 0, "the file has no items.");
    }

    private static List<ItemText> Lines(string path, byte[] bytes, bool isJson)
    {
        var items = new List<ItemText>();
        int number = 0;
        for (int start = 0, end; start < bytes.Length; start = end + 1, number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            end = length < 0 ? bytes.Length : start + length;
            string text = Encoding.UTF8.GetString(bytes, start, end - start).Trim();
            if (text.Length == 0)
                continue;
            string item = number.ToString(CultureInfo.InvariantCulture);
            items.Add(isJson ? Line(path, bytes.AsMemory(start, end - start), start, item) : new ItemText(item, text));
        }

        return items;
    }

    private static ItemText Line(string path, ReadOnlyMemory<byte> line, int start, string item)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Of(path, document.RootElement, item, start);
        }
        catch (JsonException damage)
        {
            throw new TesseraFormatException(path, $"item {item}", start + (damage.BytePositionInLine ?? 0), $"the line is not JSON: {damage.Message}");
        }
    }

    private static List<ItemText> Document(string path, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Array => [.. root.EnumerateArray().Select((value, number) => Of(path, value, number.ToString(CultureInfo.InvariantCulture), 0))],
                JsonValueKind.Object => [.. root.EnumerateObject().Select(pair => Of(path, pair.Value, pair.Name, 0))],
                _ => throw new TesseraFormatException(path, "items", 0, "this is neither an array of items nor an object of items."),
            };
        }
        catch (JsonException damage)
        {
            throw new TesseraFormatException(path, "items", JsonOffset.Of(bytes, damage), $"this is not JSON: {damage.Message}");
        }
    }

    private static ItemText Of(string path, JsonElement value, string item, long offset)
    {
        if (value.ValueKind == JsonValueKind.String)
            return new ItemText(item, value.GetString()!);
        if (value.ValueKind != JsonValueKind.Object)
            throw new TesseraFormatException(path, $"item {item}", offset, "this is neither an object nor a text.");
        string title = Join(value, TitleFields);
        if (title.Length == 0)
            throw new TesseraFormatException(path, $"item {item}", offset, $"there is no title; one of {string.Join(", ", TitleFields)} is needed.");
        string? named = Field(value, "id") ?? Field(value, "item");
        return new ItemText(named is { Length: > 0 } ? named : item, title, Join(value, DescriptionFields));
    }

    private static string Join(JsonElement value, string[] fields) => string.Join(' ', fields.Select(field => Field(value, field)).Where(text => text is { Length: > 0 }));

    private static string? Field(JsonElement value, string name) => !value.TryGetProperty(name, out JsonElement field) ? null : field.ValueKind switch
    {
        JsonValueKind.String => field.GetString(),
        JsonValueKind.Number => field.GetRawText(),
        JsonValueKind.Array => string.Join(' ', field.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString())),
        _ => null,
    };
}
