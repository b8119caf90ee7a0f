using Tessera.Music.Midi;
using Tessera.Storage;

namespace Tessera.Music.Tests.Midi;

public sealed class MidiFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_written_is_read_again(int format)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Score score = WithoutOverlaps(RandomScores.Make(seed));

            Score read = MidiFile.Parse(MidiFile.ToBytes(score, format), "file");

            Assert.Equal(score.TicksPerQuarter, read.TicksPerQuarter);
            Assert.Equal(score.Notes, read.Notes);
            Assert.Equal(score.Tempos, read.Tempos);
            Assert.Equal(score.Meters, read.Meters);
            Assert.Equal(score.Keys, read.Keys);
            Assert.Equal(score.Sections, read.Sections);
        }
    }

    [Fact]
    public void More_programs_than_channels_keep_their_programs()
    {
        var score = new Score { Notes = [.. Enumerable.Range(0, 40).Select(i => new Note(i * 10, 5, 60 + i % 12, 90, i))] };

        Assert.Equal(score.Notes, MidiFile.Parse(MidiFile.ToBytes(score), "file").Notes);
    }

    [Fact]
    public void Running_status_sysex_and_notes_of_velocity_0_are_understood()
    {
        byte[] track =
        [
            0x00, 0xF0, 0x03, 0x43, 0x12, 0xF7, // sysex
            0x00, 0xC0, 0x05, // program 5
            0x00, 0x90, 0x3C, 0x40, // middle C
            0x10, 0x3E, 0x50, // running status: D
            0x10, 0x3C, 0x00, // C ends
            0x10, 0x3E, 0x00, // D ends
            0x05, 0xFF, 0x7F, 0x02, 0x01, 0x02, // a maker's own
            0x00, 0xFF, 0x2F, 0x00,
        ];

        Score score = MidiFile.Parse(File(0, 1, track), "file");

        Assert.Equal([new Note(0, 32, 60, 64, 5), new Note(16, 32, 62, 80, 5)], score.Notes);
    }

    [Fact]
    public void A_program_told_in_one_track_holds_for_its_channel_in_another()
    {
        byte[] first = [0x00, 0xC2, 0x21, 0x00, 0xFF, 0x2F, 0x00];
        byte[] second = [0x00, 0x92, 0x28, 0x40, 0x60, 0x82, 0x28, 0x00, 0x00, 0xFF, 0x2F, 0x00];

        Score score = MidiFile.Parse(File(1, 2, first, second), "file");

        Assert.Equal([new Note(0, 96, 40, 64, 33)], score.Notes);
    }

    [Theory]
    [InlineData("4D546864000000060002000100 60", "format 2")]
    [InlineData("52494646000000060001000100 60", "no MIDI file")]
    [InlineData("4D5468640000000600000001 0000", "0 ticks")]
    [InlineData("4D5468640000000600000001 0060", "cut short")]
    [InlineData("4D5468640000000600000001 0060 4D54726B 000000FF 00", "255 bytes")]
    [InlineData("4D5468640000000600000001 0060 4D54726B 00000003 003C40", "running status")]
    [InlineData("4D5468640000000600000001 0060 4D54726B 00000004 00903C80", "0 to 127")]
    [InlineData("4D5468640000000600000001 0060 4D54726B 00000006 00FF51 020101", "3 bytes")]
    [InlineData("4D5468640000000600000001 0060 4D54726B 00000005 8080808000", "variable length")]
    public void What_is_damaged_or_foreign_is_refused_with_its_place(string hex, string problem)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var error = Assert.Throws<TesseraFormatException>(() => MidiFile.Parse(bytes, "song.mid"));

        Assert.StartsWith("song.mid: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_of_groove_is_read()
    {
        foreach (string file in GrooveData.Files())
        {
            Score score = MidiFile.Read(file);

            Assert.NotEmpty(score.Notes);
            Assert.NotEmpty(score.Tempos);
            Assert.All(score.Notes, note => Assert.Equal(Note.Drums, note.Program));
        }
    }

    internal static byte[] File(int format, int tracks, params byte[][] chunks)
    {
        var file = new List<byte>([.. "MThd"u8, 0, 0, 0, 6, 0, (byte)format, 0, (byte)tracks, 0, 96]);
        foreach (byte[] chunk in chunks)
            file.AddRange([.. "MTrk"u8, 0, 0, (byte)(chunk.Length >> 8), (byte)chunk.Length, .. chunk]);
        return [.. file];
    }

    /// <summary>Two notes of one pitch that overlap have their ends exchanged by any file, which is no loss but no equality either.</summary>
    internal static Score WithoutOverlaps(Score score)
    {
        var free = new Dictionary<(int, int), int>();
        var kept = new List<Note>();
        foreach (Note note in score.Notes)
        {
            if (note.Start >= free.GetValueOrDefault((note.Program, note.Pitch)))
            {
                kept.Add(note);
                free[(note.Program, note.Pitch)] = note.End;
            }
        }

        return score with { Notes = kept };
    }
}
