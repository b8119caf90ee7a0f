using System.Text;
using System.Text.Json;

namespace Tessera.Attention.Configuration;

/// <summary>Dictionaries of texts, numbers, truth values, nulls, lists and further dictionaries as JSON and back.</summary>
internal static class ConfigJson
{
    private const int MostDepth = 8;

    public static string Write(IReadOnlyDictionary<string, object?> dictionary)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            WriteObject(writer, dictionary, 0);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static Dictionary<string, object?> Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MostDepth });
            return Value(document.RootElement) as Dictionary<string, object?>
                ?? throw new ArgumentException("The settings must be one JSON object.", nameof(json));
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The settings are no JSON: {exception.Message}", nameof(json), exception);
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> dictionary, int depth)
    {
        writer.WriteStartObject();
        foreach ((string name, object? value) in dictionary)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, name, value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, object? value, int depth)
    {
        if (depth > MostDepth)
            throw new ArgumentException($"Metadata '{name}' is more than {MostDepth - 1} dictionaries or lists deep and cannot be written.");
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case float number: writer.WriteNumberValue((double)number); break;
            case double number: writer.WriteNumberValue(number); break;
            case IReadOnlyDictionary<string, object?> inner: WriteObject(writer, inner, depth); break;
            case IEnumerable<object?> list:
                writer.WriteStartArray();
                foreach (object? item in list)
                    WriteValue(writer, name, item, depth + 1);
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"Metadata '{name}' is a {value.GetType().Name}; give texts, numbers, truth values, nulls, or dictionaries or lists (of objects) of them.");
        }
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(property => property.Name, property => Value(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        JsonValueKind.Number when element.TryGetInt32(out int whole) => whole,
        _ => element.GetDouble(),
    };
}
