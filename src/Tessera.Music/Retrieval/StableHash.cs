namespace Tessera.Music.Retrieval;

/// <summary>Hashes that are the same in every process, which <see cref="string.GetHashCode()"/> is not.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a over UTF-16 letters with a finaliser.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in text)
            hash = (hash ^ letter) * 1099511628211;
        return Mix(hash);
    }

    /// <summary>Adds a number to a hash.</summary>
    public static ulong Add(ulong hash, int number) => Mix(hash * 31 + (uint)number + 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93;
        hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93;
        return hash ^ hash >> 32;
    }
}
