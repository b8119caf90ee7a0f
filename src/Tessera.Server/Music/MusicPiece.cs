using Tessera.Music.Midi;

namespace Tessera.Server.Music;

/// <summary>Music as a browser plays it.</summary>
/// <param name="Tempo">Beats a minute at the start.</param>
/// <param name="Meter">Such as 4/4, at the start.</param>
/// <param name="Seconds">Length.</param>
/// <param name="Notes">In the order of their starts.</param>
internal sealed record MusicPiece(double Tempo, string Meter, double Seconds, IReadOnlyList<MusicNote> Notes)
{
    private const int Percussion = 9;

    public static MusicPiece Of(Score score)
    {
        int tempo = score.Tempos.Count > 0 ? score.Tempos[0].MicrosecondsPerQuarter : TempoChange.Default;
        string meter = score.Meters.Count > 0 ? $"{score.Meters[0].Numerator}/{score.Meters[0].Denominator}" : "4/4";
        return new MusicPiece(Math.Round(6e7 / tempo, 2), meter, At(score, score.End), [.. score.Notes.Select(note => Sounding(score, note))]);
    }

    private static MusicNote Sounding(Score score, Note note)
    {
        double start = At(score, note.Start);
        bool drums = note.Program == Note.Drums;
        return new MusicNote(start, Math.Round(At(score, note.End) - start, 4), note.Pitch, note.Velocity, drums ? Percussion : 0, drums ? 0 : note.Program);
    }

    private static double At(Score score, int tick) => Math.Round(score.SecondsAt(tick), 4);
}
