using System.Security.Cryptography;
using System.Text;

namespace Tessera.CodeMap.Models;

/// <summary>Keys of <see cref="IModelCache"/>.</summary>
internal static class ModelKey
{
    /// <summary>A hash of texts and where one ends and the next begins.</summary>
    public static string Of(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
