using System.Buffers.Binary;
using System.Text;
using Tessera.Storage;

namespace Tessera.Music.Midi;

/// <summary>Takes a MIDI file apart. Every read is checked against the chunk that it lies in, so that no byte sequence leads outside or round in circles.</summary>
internal ref struct MidiReader
{
    private const int PercussionChannel = 9;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _name;
    private readonly List<ChannelEvent> _events = [];
    private readonly List<TempoChange> _tempos = [];
    private readonly List<MeterChange> _meters = [];
    private readonly List<KeyChange> _keys = [];
    private readonly List<SectionMark> _sections = [];
    private int _at;
    private int _end;
    private int _lastTick;
    private string _section = "header";

    private MidiReader(ReadOnlySpan<byte> bytes, string name)
    {
        _bytes = bytes;
        _name = name;
        _end = bytes.Length;
    }

    public static Score Read(ReadOnlySpan<byte> bytes, string name)
    {
        var reader = new MidiReader(bytes, name);
        return reader.ReadAll();
    }

    private Score ReadAll()
    {
        if (_bytes.Length < 14 || !_bytes.StartsWith("MThd"u8))
            throw Error(0, "this is no MIDI file: it does not begin with 'MThd' and a header of 6 bytes.");
        uint headerLength = BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);
        if (headerLength < 6 || headerLength > _bytes.Length - 8)
            throw Error(4, $"the header is said to have {headerLength} bytes; it has 6.");
        int format = BinaryPrimitives.ReadUInt16BigEndian(_bytes[8..]);
        if (format > 1)
            throw Error(8, $"format {format} cannot be read; formats 0 and 1 can.");
        int tracks = BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);
        bool isSmpte = (_bytes[12] & 0x80) != 0;
        int ticksPerQuarter = Division();
        _at = 8 + (int)headerLength;
        for (int track = 0; track < tracks; track++)
        {
            if (!NextTrack(track))
                throw Error(_at, $"the file is cut short: {tracks} tracks are announced, {track} are there.");
            ReadTrack(track);
        }

        return new Score
        {
            TicksPerQuarter = ticksPerQuarter,
            Notes = Notes(),
            // In SMPTE time a tick is a part of a second, whatever tempo is named.
            Tempos = isSmpte ? [] : LastAtEachTick(_tempos, tempo => tempo.Tick),
            Meters = LastAtEachTick(_meters, meter => meter.Tick),
            Keys = LastAtEachTick(_keys, key => key.Tick),
            Sections = [.. _sections.OrderBy(mark => mark.Tick)],
        };
    }

    /// <summary>Ticks in a quarter note. SMPTE time counts ticks in a second, which at 120 beats a minute holds two quarters.</summary>
    private readonly int Division()
    {
        int division = BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]);
        if ((division & 0x8000) != 0)
        {
            int frames = -(sbyte)(division >> 8), parts = division & 0xFF;
            if (frames is not (24 or 25 or 29 or 30) || parts == 0)
                throw Error(12, $"the division 0x{division:X4} is no SMPTE time; 24, 25, 29 or 30 frames a second are.");
            return Math.Max(1, frames * parts / 2);
        }

        return division > 0 ? division : throw Error(12, "a quarter note has 0 ticks; it has at least 1.");
    }

    /// <summary>Moves into the next track chunk, past chunks of other kinds.</summary>
    private bool NextTrack(int track)
    {
        _section = $"track {track}";
        while (_bytes.Length - _at >= 8)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(_bytes[(_at + 4)..]);
            bool isTrack = _bytes[_at..].StartsWith("MTrk"u8);
            if (length > _bytes.Length - _at - 8)
                throw Error(_at + 4, $"the chunk is said to have {length} bytes; {_bytes.Length - _at - 8} are left.");
            _at += 8;
            _end = _at + (int)length;
            if (isTrack)
                return true;
            _at = _end;
        }

        return false;
    }

    private void ReadTrack(int track)
    {
        long tick = 0;
        int status = 0;
        while (_at < _end)
        {
            tick += VariableLength();
            if (tick > int.MaxValue / 2)
                throw Error(_at, $"the track is {tick} ticks long; {int.MaxValue / 2} is the most.");
            _lastTick = Math.Max(_lastTick, (int)tick);
            int start = _at;
            int next = Byte();
            if (next >= 0x80)
                status = next;
            else if (status >= 0x80)
                _at = start;
            else
                throw Error(start, $"the byte 0x{next:X2} stands where an event begins; there is no running status yet.");
            if (status == 0xFF)
            {
                if (ReadMeta((int)tick))
                    break;
                status = 0;
            }
            else if (status is 0xF0 or 0xF7)
            {
                Skip(VariableLength());
                status = 0;
            }
            else if (status > 0xF0)
            {
                throw Error(start, $"the status 0x{status:X2} has no place in a file.");
            }
            else
            {
                ReadChannelEvent((int)tick, status, track);
            }
        }

        _at = _end;
    }

    private void ReadChannelEvent(int tick, int status, int track)
    {
        int first = DataByte();
        int second = (status >> 4) is 0xC or 0xD ? 0 : DataByte();
        if ((status >> 4) is 0x8 or 0x9 or 0xC)
            _events.Add(new ChannelEvent(tick, track, _events.Count, (byte)status, (byte)first, (byte)second));
    }

    /// <summary>Reads a meta event.</summary>
    /// <returns>Whether it ends the track.</returns>
    private bool ReadMeta(int tick)
    {
        int type = Byte();
        int length = VariableLength(), start = _at;
        Skip(length);
        ReadOnlySpan<byte> data = _bytes.Slice(start, length);
        switch (type)
        {
            case 0x2F:
                return true;
            case 0x51:
                Require(length == 3, start, "a tempo has 3 bytes.");
                int tempo = data[0] << 16 | data[1] << 8 | data[2];
                Require(tempo > 0, start, "a tempo of 0 microseconds a quarter cannot be played.");
                _tempos.Add(new TempoChange(tick, tempo));
                break;
            case 0x58:
                Require(length >= 2, start, "a meter has 4 bytes.");
                Require(data[0] > 0 && data[1] <= 6, start, $"the meter {data[0]}/2^{data[1]} cannot be; the numerator is 1 or more, the denominator 64 or less.");
                _meters.Add(new MeterChange(tick, data[0], 1 << data[1]));
                break;
            case 0x59:
                Require(length == 2, start, "a key has 2 bytes.");
                Require((sbyte)data[0] is >= -7 and <= 7 && data[1] <= 1, start, "a key has -7 to 7 sharps and is major (0) or minor (1).");
                _keys.Add(new KeyChange(tick, (sbyte)data[0], data[1] == 1));
                break;
            case 0x06:
                _sections.Add(new SectionMark(tick, Encoding.Latin1.GetString(data)));
                break;
        }

        return false;
    }

    /// <summary>Pairs what starts and ends notes, in the order of time over all tracks, since a program holds for its channel in all of them.</summary>
    private readonly List<Note> Notes()
    {
        var notes = new List<Note>();
        var sounding = new Queue<int>[16 * 128];
        Span<int> programs = stackalloc int[16];
        foreach (ChannelEvent happening in _events.OrderBy(e => e.Tick).ThenBy(e => e.Track).ThenBy(e => e.Order))
        {
            int channel = happening.Status & 0xF;
            if (happening.Status >> 4 == 0xC)
            {
                programs[channel] = happening.First;
                continue;
            }

            Queue<int> open = sounding[channel * 128 + happening.First] ??= new Queue<int>();
            if (happening.Status >> 4 == 0x9 && happening.Second > 0)
            {
                open.Enqueue(notes.Count);
                int program = channel == PercussionChannel ? Note.Drums : programs[channel];
                notes.Add(new Note(happening.Tick, 0, happening.First, happening.Second, program));
            }
            else if (open.TryDequeue(out int started))
            {
                notes[started] = notes[started] with { Duration = Math.Max(1, happening.Tick - notes[started].Start) };
            }
        }

        // What nobody ended sounds to the end of the file.
        for (int i = 0; i < notes.Count; i++)
        {
            if (notes[i].Duration == 0)
                notes[i] = notes[i] with { Duration = Math.Max(1, _lastTick - notes[i].Start) };
        }

        return [.. notes.OrderBy(note => note.Start).ThenBy(note => note.Program).ThenBy(note => note.Pitch)];
    }

    private static List<T> LastAtEachTick<T>(List<T> changes, Func<T, int> tick) =>
        [.. changes.Index().GroupBy(pair => tick(pair.Item)).OrderBy(group => group.Key).Select(group => group.MaxBy(pair => pair.Index).Item)];

    private int Byte() => _at < _end ? _bytes[_at++] : throw Error(_at, "the track is cut short within an event.");

    private int DataByte()
    {
        int value = Byte();
        return value < 0x80 ? value : throw Error(_at - 1, $"the byte 0x{value:X2} stands where a number of 0 to 127 belongs.");
    }

    private int VariableLength()
    {
        int value = 0;
        for (int i = 0; i < 4; i++)
        {
            int next = Byte();
            value = value << 7 | next & 0x7F;
            if (next < 0x80)
                return value;
        }

        throw Error(_at - 4, "a number of variable length has more than 4 bytes.");
    }

    private void Skip(int length)
    {
        if (length > _end - _at)
            throw Error(_at, $"{length} bytes are announced; {_end - _at} are left in the track.");
        _at += length;
    }

    private readonly void Require(bool isRight, int offset, string problem)
    {
        if (!isRight)
            throw Error(offset, problem);
    }

    private readonly TesseraFormatException Error(int offset, string problem) => new(_name, _section, offset, problem);

    private readonly record struct ChannelEvent(int Tick, int Track, int Order, byte Status, byte First, byte Second);
}
