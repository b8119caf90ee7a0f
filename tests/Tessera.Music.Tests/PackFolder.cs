namespace Tessera.Music.Tests;

/// <summary>A folder for one test, with style packs in it.</summary>
internal sealed class PackFolder : IDisposable
{
    public PackFolder() => Folder = Directory.CreateTempSubdirectory("tessera-music-").FullName;

    public string Folder { get; }

    public string this[string file] => Path.Combine(Folder, file);

    public PackFolder With(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    /// <summary>The example of the reference document: pop with dance_pop and pop_rock, rock with punk.</summary>
    public static PackFolder OfTheReference() => new PackFolder()
        .With("pop/refs_midi/a.tokens", "STYLE=pop TEMPO=120 KEY=C SECTION=VERSE BAR POS=1 CHORD=C NOTE_ON 60 VEL=80 DUR=4")
        .With("pop/refs_midi/b.json", """
            {
              "style": "pop",
              "bars": 4,
              "tokenized_bars": [
                ["STYLE=pop", "TEMPO=120", "CHORD=C", "NOTE_ON", "60", "VEL=80"],
                ["STYLE=pop", "TEMPO=120", "CHORD=F", "NOTE_ON", "65", "VEL=75"]
              ]
            }
            """)
        .With("pop/dance_pop/refs_midi/c.tokens", "STYLE=pop TEMPO=128 KEY=C SECTION=CHORUS BAR POS=1 CHORD=C NOTE_ON 67 VEL=100 DUR=2")
        .With("pop/pop_rock/refs_midi/d.tokens", "STYLE=pop TEMPO=140 KEY=E SECTION=CHORUS BAR POS=1 CHORD=E NOTE_ON 40 VEL=110 DUR=2")
        .With("rock/refs_midi/e.tokens", "STYLE=rock TEMPO=110 KEY=A SECTION=VERSE BAR POS=1 CHORD=A NOTE_ON 45 VEL=90 DUR=4")
        .With("rock/punk/refs_midi/f.tokens", "STYLE=rock TEMPO=180 KEY=A SECTION=VERSE BAR POS=1 CHORD=A NOTE_ON 45 VEL=120 DUR=1");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
