using System.Security.Cryptography;
using System.Text;

namespace Tessera.CodeMap.Entities;

/// <summary>Makes the entities of one file, and numbers those that share path, scope, kind and name.</summary>
internal sealed class EntityFactory(string? repository, string path)
{
    private readonly Dictionary<(string, EntityKind, string), int> _ordinals = [];

    /// <param name="scope">Enclosing namespaces and types, joined by '.'.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="startLine">First line, from 1.</param>
    /// <param name="endLine">Last line.</param>
    /// <param name="documentation">What is said of it, without markup.</param>
    /// <param name="source">Its text.</param>
    public CodeEntity Make(string scope, EntityKind kind, string name, int startLine, int endLine, string documentation, ReadOnlyMemory<char> source)
    {
        int ordinal = _ordinals.GetValueOrDefault((scope, kind, name));
        _ordinals[(scope, kind, name)] = ordinal + 1;
        string prefix = repository is null ? "" : repository + ":";
        return new CodeEntity
        {
            Id = $"{prefix}{path}#{scope}/{kind}:{name}:{ordinal}",
            Repository = repository ?? "",
            Path = path,
            Scope = scope,
            Kind = kind,
            Name = name,
            Ordinal = ordinal,
            StartLine = startLine,
            EndLine = endLine,
            Documentation = documentation,
            Source = source,
            ContentHash = HashOf(documentation, source.Span),
        };
    }

    private static string HashOf(string documentation, ReadOnlySpan<char> source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(documentation));
        hash.AppendData([0]);
        // A checkout may turn line ends; the code is the same.
        hash.AppendData(Encoding.UTF8.GetBytes(source.ToString().Replace("\r", "", StringComparison.Ordinal)));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
