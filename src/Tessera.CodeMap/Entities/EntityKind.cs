namespace Tessera.CodeMap.Entities;

/// <summary>What a code entity is.</summary>
public enum EntityKind
{
    /// <summary>A class.</summary>
    Class,

    /// <summary>A struct.</summary>
    Struct,

    /// <summary>A record class or record struct.</summary>
    Record,

    /// <summary>An interface.</summary>
    Interface,

    /// <summary>An enum.</summary>
    Enum,

    /// <summary>A delegate type.</summary>
    Delegate,

    /// <summary>A method.</summary>
    Method,

    /// <summary>A constructor, static or not.</summary>
    Constructor,

    /// <summary>A finaliser.</summary>
    Finalizer,

    /// <summary>An operator or conversion.</summary>
    Operator,

    /// <summary>A property or event whose accessors compute something.</summary>
    Property,

    /// <summary>An indexer.</summary>
    Indexer,

    /// <summary>The top-level statements of a program.</summary>
    Program,

    /// <summary>A function outside of types.</summary>
    Function,

    /// <summary>A stretch of lines of a file in which nothing is known to be declared.</summary>
    Part,
}
