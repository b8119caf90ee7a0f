namespace Tessera.SemanticIds.Codes;

/// <summary>Codes are equal when all their numbers are.</summary>
internal sealed class CodeComparer : IEqualityComparer<int[]>
{
    public static CodeComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        foreach (int code in obj)
            hash.Add(code);
        return hash.ToHashCode();
    }
}
