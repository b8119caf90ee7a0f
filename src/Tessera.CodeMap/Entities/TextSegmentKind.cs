namespace Tessera.CodeMap.Entities;

/// <summary>What a stretch of a source text is.</summary>
internal enum TextSegmentKind
{
    /// <summary>Neither comment nor string.</summary>
    Code,

    /// <summary>A comment with its marks.</summary>
    Comment,

    /// <summary>A string with its quotes.</summary>
    String,

    /// <summary>A string that begins the body of a declaration and says what it is, as in Python.</summary>
    Docstring,
}
