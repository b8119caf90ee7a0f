using Tessera.Music.Midi;

namespace Tessera.Music.Tokens;

/// <summary>Names of keys: C, Eb, F#m.</summary>
internal static class KeyName
{
    private static readonly string[] Major = ["Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"];
    private static readonly string[] Minor = ["Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m"];

    public static string Of(KeyChange key) => (key.Minor ? Minor : Major)[key.Sharps + 7];

    /// <summary>The key of a name; a name of another vocabulary is no key of a MIDI file.</summary>
    public static bool TryParse(string name, int tick, out KeyChange key)
    {
        int major = Array.IndexOf(Major, name), minor = Array.IndexOf(Minor, name);
        key = new KeyChange(tick, Math.Max(major, minor) - 7, minor >= 0);
        return major >= 0 || minor >= 0;
    }
}
