using System.Buffers.Binary;
using Tessera.Vectors;

namespace Tessera.CodeMap.Storage;

/// <summary>Weighted tokens as <see cref="EntityRecord.Tokens"/> keeps them.</summary>
internal static class TokenBytes
{
    private const int Each = 12;

    public static byte[] Of(WeightedToken[] tokens)
    {
        var bytes = new byte[tokens.Length * Each];
        for (int i = 0; i < tokens.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * Each), tokens[i].Hash);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * Each + 8), tokens[i].Weight);
        }

        return bytes;
    }

    /// <exception cref="InvalidDataException">They are cut short.</exception>
    public static WeightedToken[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % Each != 0)
            throw new InvalidDataException($"an entity's tokens have {bytes.Length} bytes, which is no multiple of {Each}; build the map again from nothing.");
        var tokens = new WeightedToken[bytes.Length / Each];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = new WeightedToken(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * Each)..]), BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * Each + 8)..]));
        return tokens;
    }
}
