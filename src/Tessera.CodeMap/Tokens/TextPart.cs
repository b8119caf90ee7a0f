namespace Tessera.CodeMap.Tokens;

/// <summary>The parts of an entity, which weigh differently in its vector.</summary>
internal enum TextPart
{
    /// <summary>Its own name.</summary>
    Name,

    /// <summary>The types that it lies in.</summary>
    Container,

    /// <summary>Folders, file name, namespace.</summary>
    Path,

    /// <summary>The comment above it.</summary>
    Documentation,

    /// <summary>Parameters, return type, base types.</summary>
    Signature,

    /// <summary>Names of a type's members, and what is said of those that are no entities themselves.</summary>
    Member,

    /// <summary>Identifiers in its body.</summary>
    Body,

    /// <summary>Comments in its body.</summary>
    Comment,

    /// <summary>Words in strings, and attributes.</summary>
    Literal,
}
