using System.Text;
using System.Text.Json;
using Tessera.SemanticIds.Files;
using Tessera.Storage;

namespace Tessera.SemanticIds.Uniqueness;

/// <summary>
/// The file of a <see cref="JsonCollisionStore"/>: <c>{"format":"tessera-ids","version":1,"save":"...","ids":{"ITEM":"ID"}}</c>.
/// Every save has a name of its own, by which a reader sees without reading all whether it is still the one it knows.
/// </summary>
internal static class JsonIdFile
{
    private const string Start = "{\"format\":\"tessera-ids\",\"version\":1,\"save\":\"";
    private const int SaveLength = 32;

    /// <summary>The name of the save that the file holds; null where there is no file.</summary>
    public static string? SaveOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] start = new byte[Start.Length + SaveLength];
            int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(start, 0, read);
            if (read < start.Length || !text.StartsWith(Start, StringComparison.Ordinal))
                throw new TesseraFormatException(path, "header", 0, "this is not a file of ids, or it is damaged.");
            return text[Start.Length..];
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public static (IdTable Table, string? Save) Read(string path)
    {
        if (SaveOf(path) is not { } save)
            return (new IdTable(), null);
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var table = new IdTable();
            foreach (JsonProperty pair in document.RootElement.GetProperty("ids").EnumerateObject())
            {
                if (pair.Value.GetString() is not { Length: > 0 } id || pair.Name.Length == 0 || !table.TryAdd(pair.Name, id))
                    throw new TesseraFormatException(path, "ids", 0, $"item '{pair.Name}' or its id is empty or stands there twice; the file is damaged.");
            }

            // The name again from what was read: between the two reads the file may have been replaced.
            return (table, document.RootElement.GetProperty("save").GetString());
        }
        catch (JsonException damage)
        {
            throw new TesseraFormatException(path, "ids", JsonOffset.Of(bytes, damage), $"this is not JSON: {damage.Message}");
        }
        catch (Exception damage) when (damage is KeyNotFoundException or InvalidOperationException)
        {
            throw new TesseraFormatException(path, "ids", 0, "the table of ids is missing or of another kind; the file is damaged.");
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <returns>The new save's name.</returns>
    public static string Write(string path, IEnumerable<IdAssignment> assignments)
    {
        string save = Guid.NewGuid().ToString("N");
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", "tessera-ids");
            json.WriteNumber("version", 1);
            json.WriteString("save", save);
            json.WriteStartObject("ids");
            foreach ((string item, string id) in assignments)
                json.WriteString(item, id);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        WholeFile.Write(path, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        return save;
    }
}
