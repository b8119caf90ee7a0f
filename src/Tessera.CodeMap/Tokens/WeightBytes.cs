using System.Globalization;
using System.Text;

namespace Tessera.CodeMap.Tokens;

/// <summary>Weights and spellings of words as bytes, little-endian.</summary>
internal static class WeightBytes
{
    public static string WeightsOf(int part) => string.Create(CultureInfo.InvariantCulture, $"weights/{part}");

    public static string SpellingsOf(int part) => string.Create(CultureInfo.InvariantCulture, $"spellings/{part}");

    public static byte[] Weights(int documents, IReadOnlyDictionary<ulong, int> frequencies) => Write(writer =>
    {
        writer.Write(documents);
        writer.Write(frequencies.Count);
        foreach (var (token, count) in frequencies.OrderBy(entry => entry.Key))
        {
            writer.Write(token);
            writer.Write(count);
        }
    });

    /// <returns>The documents that were counted.</returns>
    public static int ReadWeights(ReadOnlyMemory<byte> bytes, Dictionary<ulong, int> frequencies) => Read(bytes, reader =>
    {
        int documents = reader.ReadInt32(), count = reader.ReadInt32();
        frequencies.EnsureCapacity(frequencies.Count + Math.Min(count, bytes.Length / 12));
        for (int i = 0; i < count; i++)
            frequencies[reader.ReadUInt64()] = reader.ReadInt32();
        return documents;
    });

    public static byte[] Spellings(Glossary glossary) => Write(writer =>
    {
        writer.Write(glossary.Tokens.Count);
        foreach (Token token in glossary.Tokens.Values.OrderBy(token => token.Hash))
        {
            writer.Write(token.Hash);
            writer.Write(token.Surface);
            writer.Write(token.Left);
            writer.Write(token.Right);
            writer.Write(token.Joint);
        }

        writer.Write(glossary.Runs.Count);
        foreach (ulong run in glossary.Runs.Order())
            writer.Write(run);
    });

    /// <summary>Reads several, of which the first that knows a token counts.</summary>
    public static Glossary ReadSpellings(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        var tokens = new Dictionary<ulong, Token>();
        var runs = new HashSet<ulong>();
        foreach (ReadOnlyMemory<byte> bytes in parts)
        {
            Read(bytes, reader =>
            {
                for (int left = reader.ReadInt32(); left > 0; left--)
                {
                    ulong hash = reader.ReadUInt64();
                    tokens.TryAdd(hash, new Token(hash, reader.ReadString(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt32()));
                }

                for (int left = reader.ReadInt32(); left > 0; left--)
                    runs.Add(reader.ReadUInt64());
                return runs.Count;
            });
        }

        return new Glossary(tokens, runs);
    }

    private static byte[] Write(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
            write(writer);
        return bytes.ToArray();
    }

    private static T Read<T>(ReadOnlyMemory<byte> bytes, Func<BinaryReader, T> read)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        try
        {
            return read(reader);
        }
        catch (Exception problem) when (problem is EndOfStreamException or FormatException or IOException)
        {
            throw new InvalidDataException("the words of the map are cut short or damaged; build it again from nothing.", problem);
        }
    }
}
