using System.Globalization;
using System.Security;
using System.Text;

namespace Tessera.Cli.Rendering;

/// <summary>Draws curves as one self-contained SVG file that is readable on light and dark ground: no script, no font, no link.</summary>
internal sealed class SvgPlot
{
    private const double Width = 720, Height = 440, Left = 72, Right = 24, Top = 48, Bottom = 56;

    private const string Style = """
        <style>
        svg { --ground: #ffffff; --ink: #1f2328; --soft: #59636e; --grid: #d9dee4; --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df; }
        @media (prefers-color-scheme: dark) {
        svg { --ground: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --grid: #30363d; --c0: #4493f8; --c1: #f0883e; --c2: #3fb950; --c3: #ab7df8; } }
        text { font: 12px system-ui, sans-serif; fill: var(--soft); }
        .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
        .grid { stroke: var(--grid); stroke-width: 1; }
        polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
        circle { stroke: var(--ground); stroke-width: 1.5; }
        .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); }
        .d0 { fill: var(--c0); } .d1 { fill: var(--c1); } .d2 { fill: var(--c2); } .d3 { fill: var(--c3); }
        </style>
        """;

    private readonly string _title;
    private readonly PlotAxis _x;
    private readonly PlotAxis _y;
    private readonly IReadOnlyList<PlotSeries> _series;

    public SvgPlot(string title, PlotAxis x, PlotAxis y, IReadOnlyList<PlotSeries> series)
    {
        _title = title;
        _x = x;
        _y = y;
        _series = series;
    }

    public string Render()
    {
        var svg = new StringBuilder();
        svg.AppendLine(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img" aria-label="{Escape(_title)}">"""));
        svg.AppendLine(Style);
        svg.AppendLine(Invariant($"""<rect width="{Width}" height="{Height}" style="fill: var(--ground)"/>"""));
        svg.AppendLine(Text(Left, 28, _title, "start", "title"));
        DrawAxes(svg);
        for (int i = 0; i < _series.Count; i++)
            DrawSeries(svg, _series[i], i % 4);
        if (_series.Count > 1)
            DrawLegend(svg);
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private void DrawAxes(StringBuilder svg)
    {
        foreach (double tick in _x.Ticks)
        {
            svg.AppendLine(Invariant($"""<line class="grid" x1="{X(tick):0.##}" y1="{Top}" x2="{X(tick):0.##}" y2="{Height - Bottom}"/>"""));
            svg.AppendLine(Text(X(tick), Height - Bottom + 18, PlotAxis.Format(tick), "middle"));
        }

        foreach (double tick in _y.Ticks)
        {
            svg.AppendLine(Invariant($"""<line class="grid" x1="{Left}" y1="{Y(tick):0.##}" x2="{Width - Right}" y2="{Y(tick):0.##}"/>"""));
            svg.AppendLine(Text(Left - 8, Y(tick) + 4, PlotAxis.Format(tick), "end"));
        }

        svg.AppendLine(Text((Left + Width - Right) / 2, Height - 14, _x.Label, "middle"));
        svg.AppendLine(Invariant($"""<g transform="translate(18 {(Top + Height - Bottom) / 2}) rotate(-90)">{Text(0, 0, _y.Label, "middle")}</g>"""));
    }

    private void DrawSeries(StringBuilder svg, PlotSeries series, int colour)
    {
        string line = string.Join(' ', series.Points.Select(point => Invariant($"{X(point.X):0.##},{Y(point.Y):0.##}")));
        if (series.IsJoined)
            svg.AppendLine($"""<polyline class="s{colour}" points="{line}"/>""");
        foreach (var point in series.Points)
        {
            svg.AppendLine(Invariant($"""<circle class="d{colour}" cx="{X(point.X):0.##}" cy="{Y(point.Y):0.##}" r="5"><title>{Escape(point.Title)}</title></circle>"""));
            // Towards the middle, so that no label leaves the picture.
            bool onTheRight = _x.Place(point.X) > 0.9;
            svg.AppendLine(Text(X(point.X) + (onTheRight ? -9 : 9), Y(point.Y) - 7, point.Label, onTheRight ? "end" : "start"));
        }
    }

    private void DrawLegend(StringBuilder svg)
    {
        for (int i = 0; i < _series.Count; i++)
        {
            // At the lower left, which curves of speed against recall leave free.
            double y = Height - Bottom - 12 - 18 * (_series.Count - 1 - i);
            svg.AppendLine(Invariant($"""<circle class="d{i % 4}" cx="{Left + 14}" cy="{y - 4}" r="5"/>"""));
            svg.AppendLine(Text(Left + 26, y, _series[i].Name, "start"));
        }
    }

    private double X(double value) => Left + _x.Place(value) * (Width - Left - Right);

    private double Y(double value) => Height - Bottom - _y.Place(value) * (Height - Top - Bottom);

    private static string Text(double x, double y, string text, string anchor, string? cssClass = null)
    {
        string style = cssClass is null ? "" : $" class=\"{cssClass}\"";
        return Invariant($"""<text{style} x="{x:0.##}" y="{y:0.##}" text-anchor="{anchor}">{Escape(text)}</text>""");
    }

    private static string Escape(string text) => SecurityElement.Escape(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
