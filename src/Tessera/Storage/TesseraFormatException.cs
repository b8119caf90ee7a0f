namespace Tessera.Storage;

/// <summary>A file is damaged, foreign or of a newer version. The message names the file, the section and the offset.</summary>
public sealed class TesseraFormatException : IOException
{
    /// <summary>Makes the exception for a place in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="section">The part of the file ("header", a section's name, a column).</param>
    /// <param name="offset">Where the trouble was found, in bytes from the start of the file.</param>
    /// <param name="problem">What is wrong there, and what to do where that is known.</param>
    public TesseraFormatException(string path, string section, long offset, string problem)
        : base($"{path}: {section} at offset {offset}: {problem}")
    {
        Path = path;
        Section = section;
        Offset = offset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The part of the file.</summary>
    public string Section { get; }

    /// <summary>Bytes from the start of the file.</summary>
    public long Offset { get; }
}
