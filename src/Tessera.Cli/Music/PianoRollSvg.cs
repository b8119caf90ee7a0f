using System.Globalization;
using System.Security;
using System.Text;
using Tessera.Music.Midi;

namespace Tessera.Cli.Music;

/// <summary>Draws a piano roll as one self-contained SVG file that is readable on light and dark ground: no script, no font, no link.</summary>
internal sealed class PianoRollSvg(string title, Score score)
{
    private const double Left = 92, Top = 40, RowHeight = 12, QuarterWidth = 36;

    // A browser need not draw more than an hour of music.
    private const double MostWidth = 200_000;

    private const string Style = """
        <style>
        svg { --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --grid: #d9dee4; --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; }
        @media (prefers-color-scheme: dark) {
        svg { --ground: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --grid: #30363d; --c0: #4493f8; --c1: #f0883e; --c2: #3fb950; --c3: #ab7df8; } }
        text { font: 10px system-ui, sans-serif; fill: var(--soft); }
        .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
        .grid { stroke: var(--grid); stroke-width: 1; }
        .p0 { fill: var(--c0); } .p1 { fill: var(--c1); } .p2 { fill: var(--c2); } .p3 { fill: var(--c3); }
        </style>
        """;

    public string Render()
    {
        (int Program, int Pitch)[] rows = [.. score.Notes.Select(note => (note.Program, note.Pitch)).Distinct().OrderBy(row => row.Program == Note.Drums).ThenByDescending(row => row.Pitch)];
        int[] programs = [.. rows.Select(row => row.Program).Distinct().Order()];
        double quarters = Math.Min((double)score.End / score.TicksPerQuarter, MostWidth / QuarterWidth);
        double width = Left + quarters * QuarterWidth + 24, height = Top + rows.Length * RowHeight + 28;
        var svg = new StringBuilder();
        svg.AppendLine(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0.#} {height:0.#}" width="{width:0.#}" height="{height:0.#}" role="img" aria-label="{Escape(title)}">"""));
        svg.AppendLine(Style);
        svg.AppendLine(Invariant($"""<rect width="{width:0.#}" height="{height:0.#}" style="fill: var(--ground)"/>"""));
        svg.AppendLine(Invariant($"""<text class="title" x="{Left}" y="24">{Escape(title)}</text>"""));
        AddBars(svg, quarters, height);
        for (int row = 0; row < rows.Length; row++)
            svg.AppendLine(Invariant($"""<text x="{Left - 6}" y="{Top + (row + 0.8) * RowHeight:0.#}" text-anchor="end">{Escape(PianoRollText.NameOf(rows[row].Pitch, rows[row].Program))}</text>"""));
        foreach (Note note in score.Notes)
        {
            double x = (double)note.Start / score.TicksPerQuarter;
            if (x > quarters)
                continue;
            int row = Array.IndexOf(rows, (note.Program, note.Pitch)), colour = Array.IndexOf(programs, note.Program) % 4;
            double length = Math.Max(0.1, (double)note.Duration / score.TicksPerQuarter);
            string place = Invariant($"""x="{Left + x * QuarterWidth:0.##}" y="{Top + row * RowHeight + 1}" width="{length * QuarterWidth:0.##}" """);
            svg.AppendLine(Invariant($"""<rect class="p{colour}" {place}height="{RowHeight - 2}" rx="2" opacity="{0.35 + 0.65 * note.Velocity / 127:0.##}"/>"""));
        }

        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private void AddBars(StringBuilder svg, double quarters, double height)
    {
        double start = 0, length = 4;
        int next = 0;
        for (int bar = 1; start <= quarters; bar++, start += length)
        {
            while (next < score.Meters.Count && (double)score.Meters[next].Tick / score.TicksPerQuarter <= start + 0.01)
                length = 4.0 * score.Meters[next].Numerator / score.Meters[next++].Denominator;
            double x = Left + start * QuarterWidth;
            svg.AppendLine(Invariant($"""<line class="grid" x1="{x:0.##}" y1="{Top}" x2="{x:0.##}" y2="{height - 28:0.#}"/><text x="{x + 3:0.##}" y="{height - 14:0.#}">{bar}</text>"""));
        }
    }

    private static string Escape(string text) => SecurityElement.Escape(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
