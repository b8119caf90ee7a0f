using Tessera.Music.Packs;
using Tessera.Storage;

namespace Tessera.Music.Midi;

/// <summary>
/// Reads and writes Standard MIDI Files of formats 0 and 1 (RP-001, 1996): notes, programs, tempos, meters, keys and markers.
/// Controllers, pitch bends and system exclusive messages are skipped.
/// </summary>
public static class MidiFile
{
    /// <summary>Most bytes that are read; no piece of music is larger.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The file is no MIDI file, is damaged, or has format 2.</exception>
    public static Score Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes)
            throw new TesseraFormatException(path, "header", 0, $"the file has {info.Length} bytes; a MIDI file has at most {MaxBytes}.");
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="TesseraFormatException">The bytes are no MIDI file, are damaged, or have format 2.</exception>
    public static Score Parse(ReadOnlySpan<byte> bytes, string name) => MidiReader.Read(bytes, name);

    /// <summary>Writes a file as a whole: beside its place first, then renamed.</summary>
    /// <param name="path">Where it will appear.</param>
    /// <param name="score">The music; its lists may be in any order.</param>
    /// <param name="format">0 for one track, 1 (default) for one track for each program.</param>
    /// <exception cref="ArgumentException">A note, tempo or meter cannot stand in a MIDI file.</exception>
    public static void Write(string path, Score score, int format = 1) => WholeFile.Write(path, ToBytes(score, format));

    /// <summary>The bytes of a file.</summary>
    /// <inheritdoc cref="Write"/>
    public static byte[] ToBytes(Score score, int format = 1)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (format is not (0 or 1))
            throw new ArgumentOutOfRangeException(nameof(format), format, "Format 0 (one track) and 1 (several) can be written.");
        return MidiWriter.Write(score, format);
    }
}
