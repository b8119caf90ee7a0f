using Tessera.Music.Midi;

namespace Tessera.Music.Tokens;

/// <summary>Walks through a score bar by bar. Bars are measured in sixty-fourth notes, in which every meter is whole.</summary>
internal sealed class BarEncoder
{
    internal const int UnitsPerQuarter = 16;

    private readonly TokenizerOptions _options;
    private readonly Score _score;
    private readonly List<BarSpan> _bars;

    public BarEncoder(Score score, TokenizerOptions options)
    {
        _score = score;
        _options = options;
        _bars = LayBars();
    }

    public List<string[]> Encode(string? style, string? section)
    {
        var contents = new List<(int Step, int Order, Note Note, string? Token)>[_bars.Count];
        foreach (Note note in _score.Notes)
            Place(note.Start, 3, note, null, contents);
        foreach (TempoChange tempo in _score.Tempos)
            Place(tempo.Tick, 0, default, $"TEMPO={TempoText.Format(tempo.MicrosecondsPerQuarter)}", contents);
        foreach (KeyChange key in _score.Keys)
            Place(key.Tick, 1, default, $"KEY={KeyName.Of(key)}", contents);
        foreach (SectionMark mark in _score.Sections.Where(mark => Spelled(mark.Name).Length > 0))
            Place(mark.Tick, 2, default, $"SECTION={Spelled(mark.Name)}", contents);

        var state = new EncoderState(style, section, _options);
        var encoded = new List<string[]>(_bars.Count);
        var sounding = new double[_bars.Count * 12];
        AddSounding(sounding);
        for (int bar = 0; bar < _bars.Count; bar++)
        {
            var happenings = contents[bar] ?? [];
            happenings.Sort((a, b) => (a.Step, a.Order, a.Note.Program, a.Note.Pitch, a.Note.Start).CompareTo((b.Step, b.Order, b.Note.Program, b.Note.Pitch, b.Note.Start)));
            encoded.Add(state.Encode(_bars[bar], happenings, ChordFinder.Find(sounding.AsSpan(bar * 12, 12)), StepsOf));
        }

        return encoded;
    }

    private static string Spelled(string name) => string.Join('_', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("\0", "", StringComparison.Ordinal);

    /// <summary>The bars from the start to the last event; one that a new meter cuts short ends there.</summary>
    private List<BarSpan> LayBars()
    {
        double last = _score.Notes.Count == 0 ? 0 : _score.Notes.Max(note => Units(note.Start));
        foreach (int tick in _score.Tempos.Select(t => t.Tick).Concat(_score.Meters.Select(m => m.Tick)).Concat(_score.Keys.Select(k => k.Tick)).Concat(_score.Sections.Select(s => s.Tick)))
            last = Math.Max(last, Units(tick));
        var bars = new List<BarSpan>();
        var meters = new Queue<MeterChange>(_score.Meters);
        (int numerator, int denominator) = (4, 4);
        double start = 0, halfStep = 0.5 * UnitsPerQuarter / _options.StepsPerQuarter;
        // What rounds up to the end of the last bar opens one more.
        while (start <= last + halfStep || bars.Count == 0)
        {
            while (meters.TryPeek(out MeterChange next) && Units(next.Tick) <= start + 1e-6)
                (_, numerator, denominator) = meters.Dequeue();
            double length = (double)numerator * 4 * UnitsPerQuarter / denominator;
            double? cut = null;
            if (meters.TryPeek(out MeterChange coming) && Units(coming.Tick) < start + length - 1e-6)
            {
                // The new bar stands on the grid of the old one.
                double step = (double)UnitsPerQuarter / _options.StepsPerQuarter;
                cut = Math.Max(1, Math.Round((Units(coming.Tick) - start) / step)) * step;
                meters = new Queue<MeterChange>(meters.Select((meter, i) => i == 0 ? meter with { Tick = 0 } : meter));
            }

            bars.Add(new BarSpan(start, cut ?? length, cut is not null, numerator, denominator));
            if (bars.Count > _options.MaxBars)
                throw new ArgumentException($"The score has more than {_options.MaxBars} bars; split it, or raise MaxBars.", "score");
            start += cut ?? length;
        }

        return bars;
    }

    private double Units(double tick) => tick * UnitsPerQuarter / _score.TicksPerQuarter;

    private int BarAt(double units)
    {
        int low = 0, high = _bars.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_bars[middle].Start <= units + 1e-9)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Puts an event on the grid of its bar, or at the start of the next one where that is nearer.</summary>
    private void Place(int tick, int order, Note note, string? token, List<(int, int, Note, string?)>?[] contents)
    {
        (int bar, int step) = Locate(Units(tick));
        (contents[bar] ??= []).Add((step, order, note, token));
    }

    private (int Bar, int Step) Locate(double units)
    {
        int bar = BarAt(units);
        double step = (double)UnitsPerQuarter / _options.StepsPerQuarter;
        double offset = Math.Round((units - _bars[bar].Start) / step);
        if (offset * step >= _bars[bar].Length - 1e-6 && bar + 1 < _bars.Count)
            return (bar + 1, 0);
        return (bar, (int)offset);
    }

    /// <summary>Steps from where a note was put to the grid step nearest to its end.</summary>
    private int StepsOf(Note note)
    {
        (int bar, int step) = Locate(Units(note.Start));
        double size = (double)UnitsPerQuarter / _options.StepsPerQuarter;
        double start = _bars[bar].Start + step * size;
        return (int)Math.Max(1, Math.Round((Units(note.End) - start) / size));
    }

    /// <summary>Adds up, for each bar and pitch class, how long it sounds there.</summary>
    private void AddSounding(double[] sounding)
    {
        foreach (Note note in _score.Notes.Where(note => note.Program != Note.Drums))
        {
            double from = Units(note.Start), to = Units(note.End);
            for (int bar = BarAt(from); bar < _bars.Count && _bars[bar].Start < to; bar++)
                sounding[bar * 12 + note.Pitch % 12] += Math.Max(0, Math.Min(to, _bars[bar].Start + _bars[bar].Length) - Math.Max(from, _bars[bar].Start));
        }
    }
}
