namespace Tessera.CodeMap.Storage;

/// <summary>One entity as stores keep it: a record of layer 0.</summary>
public sealed record EntityRecord
{
    /// <summary>Its number in the map, given once and kept while the entity lives: <c>hirag::layer0::{number}</c>, with <c>::repo::{name}</c> after it in the map of a repository.</summary>
    public required int Number { get; init; }

    /// <summary>Names it in every state of the code, without the commit: <c>repository:path#scope/kind:name:ordinal</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The repository; empty where it has no name.</summary>
    public required string Repository { get; init; }

    /// <summary>File, relative to the repository's root, with '/'.</summary>
    public required string Path { get; init; }

    /// <summary>Namespace and enclosing types, joined by '.'.</summary>
    public required string Scope { get; init; }

    /// <summary>What it is: the name of an <see cref="Entities.EntityKind"/> in small letters.</summary>
    public required string Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its number among those of the same path, scope, kind and name.</summary>
    public required int Ordinal { get; init; }

    /// <summary>First line, from 1.</summary>
    public required int StartLine { get; init; }

    /// <summary>Last line.</summary>
    public required int EndLine { get; init; }

    /// <summary>Where its text begins in the file's, in letters (UTF-16).</summary>
    public required int Offset { get; init; }

    /// <summary>Letters of its text.</summary>
    public required int Length { get; init; }

    /// <summary>What the comment above it says.</summary>
    public required string Documentation { get; init; }

    /// <summary>A hash of documentation and text.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The names that it mentions, one a line, from which the edges between entities follow.</summary>
    public required string Mentions { get; init; }

    /// <summary>Its weighted tokens: eight bytes of hash and four of weight each, little-endian.</summary>
    public required ReadOnlyMemory<byte> Tokens { get; init; }

    /// <summary>Its vector as a model gave it: four bytes a number, little-endian. Empty where vectors follow from the tokens.</summary>
    public required ReadOnlyMemory<byte> Vector { get; init; }
}
