using System.Text.Json;
using Tessera.Storage;

namespace Tessera.SemanticIds.Files;

/// <summary>The <c>metadata.json</c> of a model: every value is checked as it is taken, and what is wrong is told with the file.</summary>
internal sealed class ModelMetadata
{
    public const string FileName = "metadata.json";

    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _values;

    private ModelMetadata(string path, Dictionary<string, JsonElement> values)
    {
        (_path, _values) = (path, values);
        Folder = Path.GetDirectoryName(path)!;
    }

    public string Folder { get; }

    public string Type => Text("type");

    public static ModelMetadata Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder}: there is no model; it would have a {FileName}.", path);
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new TesseraFormatException(path, "metadata", 0, "this is not a JSON object.");
            var values = new Dictionary<string, JsonElement>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
                values[property.Name] = property.Value.Clone();
            return new ModelMetadata(path, values);
        }
        catch (JsonException damage)
        {
            throw new TesseraFormatException(path, "metadata", JsonOffset.Of(bytes, damage), $"this is not JSON: {damage.Message}");
        }
    }

    public TesseraFormatException Error(string problem) => new(_path, "metadata", 0, problem);

    public bool Has(string name) => _values.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public string Text(string name) =>
        Take(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Wrong(name, "a text");

    public bool Flag(string name) =>
        Take(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : throw Wrong(name, "true or false");

    public int Whole(string name, int least, int most) => Whole(Take(name), name, least, most);

    public double Number(string name, double least, double most) => Number(Take(name), name, least, most);

    /// <summary>A seed; those of others may be absent or below 0.</summary>
    public ulong Seed(string name) => Has(name) && Take(name).TryGetUInt64(out ulong seed) ? seed : 42;

    public int[] Wholes(string name, int least, int most) => [.. List(name).Select(value => Whole(value, name, least, most))];

    public float[] Numbers(string name, double least, double most) => [.. List(name).Select(value => (float)Number(value, name, least, most))];

    private JsonElement Take(string name) => _values.TryGetValue(name, out JsonElement value) ? value : throw Error($"'{name}' is missing.");

    /// <summary>The members of a list, or one number that stands for itself.</summary>
    private IEnumerable<JsonElement> List(string name) => Take(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Number } one => [one],
        _ => throw Wrong(name, "a list of numbers"),
    };

    private int Whole(JsonElement value, string name, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int whole) && whole >= least && whole <= most
            ? whole : throw Wrong(name, $"a whole number, {least} to {most}");

    private double Number(JsonElement value, string name, double least, double most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most
            ? number : throw Wrong(name, $"a number, {least} to {most}");

    private TesseraFormatException Wrong(string name, string right) => Error($"'{name}' is {Shortened(Take(name).GetRawText())}; it must be {right}.");

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
