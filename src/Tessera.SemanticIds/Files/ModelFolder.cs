using System.Security.Cryptography;
using System.Text.Json;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.SemanticIds.Files;

/// <summary>
/// A folder of <c>metadata.json</c> and an <c>.npz</c> file of arrays. The metadata names the checksum of the arrays and is
/// written last, so that halves of two saves are told apart.
/// </summary>
internal static class ModelFolder
{
    private const string Checksum = "arrays_sha256";

    public static void Write(string folder, string arraysFile, IEnumerable<KeyValuePair<string, Matrix>> arrays, Action<Utf8JsonWriter> metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(folder))
            throw new IOException($"{folder} is a file; a model is a folder.");
        Directory.CreateDirectory(folder);
        string arraysPath = Path.Combine(folder, arraysFile);
        NpzFile.Write(arraysPath, arrays);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            metadata(json);
            json.WriteString(Checksum, ChecksumOf(arraysPath));
            json.WriteEndObject();
        }

        WholeFile.Write(Path.Combine(folder, ModelMetadata.FileName), buffer.ToArray());
    }

    /// <summary>Reads arrays, after a look whether they are those that the metadata belongs to; a model of the Python package does not say.</summary>
    public static Matrix[] ReadArrays(ModelMetadata metadata, string arraysFile, IReadOnlyList<string> names)
    {
        string path = Path.Combine(metadata.Folder, arraysFile);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: the model's arrays are missing.", path);
        Matrix[] arrays = NpzFile.Read(path, names);
        if (metadata.Has(Checksum) && metadata.Text(Checksum) != ChecksumOf(path))
            throw new TesseraFormatException(path, "arrays", 0, $"these are not the arrays that {ModelMetadata.FileName} was saved with; save the model again.");
        return arrays;
    }

    private static string ChecksumOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
