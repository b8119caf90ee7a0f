namespace Tessera.CodeMap.Sources;

/// <summary>Source files that were found and left out of the map, by reason. Files that <c>.gitignore</c> names are not counted: they are not sources.</summary>
/// <param name="Huge">Larger than <see cref="CodeMapOptions.MaxFileBytes"/>.</param>
/// <param name="Binary">Not text: a zero byte near the beginning.</param>
/// <param name="Generated">Written by a tool: its name (<c>*.g.cs</c>, <c>*.designer.cs</c>, <c>*.generated.cs</c>) or an <c>&lt;auto-generated&gt;</c> header says so.</param>
/// <param name="Unreadable">Could not be opened or read (a folder counts as one), or nests brackets so deeply that no parser can follow.</param>
public readonly record struct SkippedFiles(int Huge, int Binary, int Generated, int Unreadable)
{
    /// <summary>All of them.</summary>
    public int Total => Huge + Binary + Generated + Unreadable;
}
