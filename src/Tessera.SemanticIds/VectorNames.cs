using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tessera.Vectors;

namespace Tessera.SemanticIds;

/// <summary>Names for vectors that came without: a hash of their numbers, and for equal ones which of them it is.</summary>
internal static class VectorNames
{
    public static string[] Of(Matrix vectors)
    {
        var names = new string[vectors.Rows];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (int i = 0; i < names.Length; i++)
        {
            SHA256.HashData(MemoryMarshal.AsBytes(vectors[i]), hash);
            // Half of the hash is as safe as a random 128-bit name.
            string name = "vector:" + Convert.ToHexStringLower(hash[..16]);
            int count = seen[name] = seen.GetValueOrDefault(name) + 1;
            names[i] = count == 1 ? name : $"{name}#{count}";
        }

        return names;
    }
}
