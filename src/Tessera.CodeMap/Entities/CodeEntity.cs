namespace Tessera.CodeMap.Entities;

/// <summary>One method, type or other piece of code that the map can find. Lines count from 1.</summary>
public sealed class CodeEntity
{
    /// <summary>
    /// Names the entity in every state of the code: <c>path#scope/kind:name:ordinal</c>, with <c>repository:</c> before it
    /// where the map has one. It changes only when the code is renamed or moved, not when its text or its neighbours change.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The repository; empty where it has no name.</summary>
    public required string Repository { get; init; }

    /// <summary>File, relative to the map's root, with '/'.</summary>
    public required string Path { get; init; }

    /// <summary>The folder that <see cref="Path"/> lies in; empty for the root.</summary>
    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    /// <summary>Namespace and enclosing types, joined by '.'; empty at the top.</summary>
    public required string Scope { get; init; }

    /// <summary>What it is.</summary>
    public required EntityKind Kind { get; init; }

    /// <summary>Its name as written, without type parameters; an operator as <c>operator +</c>, a constructor as its type's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its number among the entities of the same path, scope, kind and name (overloads), from 0 in the order of the text.</summary>
    public required int Ordinal { get; init; }

    /// <summary>First line, attributes included and the comment above it left out.</summary>
    public required int StartLine { get; init; }

    /// <summary>Last line.</summary>
    public required int EndLine { get; init; }

    /// <summary>What the comment above it says, without markup; empty where there is none.</summary>
    public required string Documentation { get; init; }

    /// <summary>Its text, from <see cref="StartLine"/> on: a view of the file's text.</summary>
    public required ReadOnlyMemory<char> Source { get; init; }

    /// <summary>SHA-256 of documentation and source with Unix line ends, cut to 32 hexadecimal digits: equal when nothing that the map reads has changed.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Whether it is a type rather than a member of one.</summary>
    public bool IsType => Kind is EntityKind.Class or EntityKind.Struct or EntityKind.Record
        or EntityKind.Interface or EntityKind.Enum or EntityKind.Delegate;

    /// <summary>Whether it belongs to tests, by its path: a folder named like <c>tests</c>, <c>X.Tests</c> or <c>TestGrains</c>, or a file named like <c>XTests.cs</c>.</summary>
    public bool IsTest => TestPaths.IsTest(Path);

    /// <summary>Name for a person: a member with its type before it, such as <c>KMeans.Fit</c>; top-level statements and stretches of lines by their file.</summary>
    public string DisplayName
    {
        get
        {
            if (Kind == EntityKind.Program)
                return Path[(Path.LastIndexOf('/') + 1)..];
            if (Kind == EntityKind.Part)
                return $"{Name}:{StartLine}";
            if (IsType || Kind == EntityKind.Function || Scope.Length == 0)
                return Name;
            string type = Scope[(Scope.LastIndexOf('.') + 1)..];
            return Kind == EntityKind.Constructor ? $"new {type}" : $"{type}.{Name}";
        }
    }
}
