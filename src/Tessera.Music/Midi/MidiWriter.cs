using System.Buffers.Binary;
using System.Text;

namespace Tessera.Music.Midi;

/// <summary>Puts a score into the bytes of a MIDI file.</summary>
internal static class MidiWriter
{
    private const int PercussionChannel = 9;

    // At one tick notes end before others start, so that a repeated note is not ended by its own beginning.
    private const int Meta = 0, NoteOff = 1, NoteOn = 2;

    public static byte[] Write(Score score, int format)
    {
        if (score.TicksPerQuarter is < 1 or > 0x7FFF)
            throw new ArgumentException($"A quarter note of {score.TicksPerQuarter} ticks cannot be written; 1 to 32767 can.", nameof(score));
        List<List<(int Tick, int Order, byte[] Bytes)>> tracks = [Conductor(score)];
        int[] programs = [.. score.Notes.Select(note => note.Program).Distinct().Order()];
        int melodic = 0;
        foreach (int program in programs)
        {
            // Fifteen channels serve all programs in turn; one that is shared is told its program before each note.
            int channel = program == Note.Drums ? PercussionChannel : melodic % 15;
            channel += program != Note.Drums && channel >= PercussionChannel ? 1 : 0;
            bool shared = program != Note.Drums && programs.Length > 15;
            if (program != Note.Drums)
                melodic++;
            tracks.Add(Track(score, program, channel, shared));
        }

        if (format == 0)
            tracks = [[.. tracks.SelectMany(track => track)]];
        var file = new MemoryStream();
        file.Write("MThd\0\0\0\u0006"u8);
        Span<byte> numbers = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(numbers, (ushort)format);
        BinaryPrimitives.WriteUInt16BigEndian(numbers[2..], (ushort)tracks.Count);
        BinaryPrimitives.WriteUInt16BigEndian(numbers[4..], (ushort)score.TicksPerQuarter);
        file.Write(numbers);
        foreach (var track in tracks)
            WriteTrack(file, track);
        return file.ToArray();
    }

    private static List<(int, int, byte[])> Conductor(Score score)
    {
        var track = new List<(int, int, byte[])>();
        foreach (TempoChange tempo in score.Tempos)
        {
            if (tempo.MicrosecondsPerQuarter is < 1 or > 0xFFFFFF)
                throw new ArgumentException($"A quarter note of {tempo.MicrosecondsPerQuarter} microseconds cannot be written; 1 to 16777215 can.", nameof(score));
            int us = tempo.MicrosecondsPerQuarter;
            track.Add((tempo.Tick, Meta, [0xFF, 0x51, 3, (byte)(us >> 16), (byte)(us >> 8), (byte)us]));
        }

        foreach (MeterChange meter in score.Meters)
        {
            if (meter.Numerator is < 1 or > 255 || meter.Denominator is < 1 or > 64 || !int.IsPow2(meter.Denominator))
                throw new ArgumentException($"The meter {meter.Numerator}/{meter.Denominator} cannot be written; the denominator is a power of 2 up to 64.", nameof(score));
            track.Add((meter.Tick, Meta, [0xFF, 0x58, 4, (byte)meter.Numerator, (byte)int.Log2(meter.Denominator), 24, 8]));
        }

        foreach (KeyChange key in score.Keys)
            track.Add((key.Tick, Meta, [0xFF, 0x59, 2, (byte)(sbyte)key.Sharps, key.Minor ? (byte)1 : (byte)0]));
        foreach (SectionMark mark in score.Sections)
        {
            byte[] name = Encoding.Latin1.GetBytes(mark.Name);
            track.Add((mark.Tick, Meta, [0xFF, 0x06, .. VariableLength(name.Length), .. name]));
        }

        return track;
    }

    private static List<(int, int, byte[])> Track(Score score, int program, int channel, bool shared)
    {
        var track = new List<(int, int, byte[])>();
        if (program != Note.Drums && !shared)
            track.Add((0, Meta, [(byte)(0xC0 | channel), (byte)program]));
        foreach (Note note in score.Notes.Where(note => note.Program == program))
        {
            if (note.Start < 0 || note.Duration < 1 || note.Pitch is < 0 or > 127 || note.Velocity is < 1 or > 127 || note.Program is < Note.Drums or > 127)
                throw new ArgumentException($"{note} cannot be written: starts are 0 or more, durations 1 or more, pitches 0 to 127, velocities 1 to 127.", nameof(score));
            byte[] on = [(byte)(0x90 | channel), (byte)note.Pitch, (byte)note.Velocity];
            // Two messages as one piece of bytes, the second behind a time of 0.
            track.Add((note.Start, NoteOn, shared ? [(byte)(0xC0 | channel), (byte)program, 0, .. on] : on));
            track.Add((note.End, NoteOff, [(byte)(0x80 | channel), (byte)note.Pitch, 0]));
        }

        return track;
    }

    private static void WriteTrack(MemoryStream file, List<(int Tick, int Order, byte[] Bytes)> events)
    {
        var body = new MemoryStream();
        int tick = 0;
        foreach (var (at, _, bytes) in events.OrderBy(e => e.Tick).ThenBy(e => e.Order))
        {
            body.Write(VariableLength(at - tick));
            body.Write(bytes);
            tick = at;
        }

        body.Write([0, 0xFF, 0x2F, 0]);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, (int)body.Length);
        file.Write("MTrk"u8);
        file.Write(length);
        body.WriteTo(file);
    }

    private static byte[] VariableLength(int value)
    {
        if (value is < 0 or > 0x0FFFFFFF)
            throw new ArgumentException($"{value} ticks between two events cannot be written; 268435455 can.", nameof(value));
        var bytes = new List<byte> { (byte)(value & 0x7F) };
        for (value >>= 7; value > 0; value >>= 7)
            bytes.Insert(0, (byte)(value & 0x7F | 0x80));
        return [.. bytes];
    }
}
