using System.Globalization;
using System.Xml.Linq;
using Tessera.Cli.Rendering;

namespace Tessera.Cli.Tests.Rendering;

public sealed class SvgPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Text_from_outside_is_escaped_and_kept()
    {
        var svg = Draw("a < b & \"c\"", new PlotSeries("s", [new PlotPoint(1, 1, "<1>", "'1' & 1"), new PlotPoint(2, 2, "2", "2")]));
        Assert.Equal("a < b & \"c\"", svg.Attribute("aria-label")!.Value);
        Assert.Equal("'1' & 1", svg.Descendants(Svg + "title").First().Value);
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == "<1>");
    }

    [Fact]
    public void Larger_values_lie_further_up_and_to_the_right_within_the_picture()
    {
        var svg = Draw("t", new PlotSeries("s", [new PlotPoint(1, 1, "", ""), new PlotPoint(2, 5, "", ""), new PlotPoint(3, 20, "", "")]));
        (double X, double Y)[] points = [.. svg.Descendants(Svg + "circle").Select(circle => (Number(circle, "cx"), Number(circle, "cy")))];
        Assert.Equal(points.Select(point => point.X).Order(), points.Select(point => point.X));
        Assert.Equal(points.Select(point => point.Y).OrderDescending(), points.Select(point => point.Y));
        Assert.All(points, point => Assert.True(point is { X: > 0 and < 720, Y: > 0 and < 440 }));
    }

    [Fact]
    public void Several_series_get_a_legend_and_colours_of_their_own()
    {
        var svg = Draw("t", new PlotSeries("first", [new PlotPoint(1, 1, "", "")]), new PlotSeries("second", [new PlotPoint(2, 5, "", "")]));
        Assert.Equal(["s0", "s1"], svg.Descendants(Svg + "polyline").Select(line => line.Attribute("class")!.Value));
        Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == "second");
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        string svg = Draw("t", new PlotSeries("s", [new PlotPoint(1, 1, "", "")])).ToString();
        foreach (string loader in (string[])["href", "url(", "@import", "<script", "<image"])
            Assert.DoesNotContain(loader, svg, StringComparison.Ordinal);
    }

    private static XElement Draw(string title, params PlotSeries[] series)
    {
        PlotPoint[] points = [.. series.SelectMany(one => one.Points)];
        return XElement.Parse(new SvgPlot(
            title,
            PlotAxis.Linear("x", [.. points.Select(point => point.X)]),
            PlotAxis.Logarithmic("y", [.. points.Select(point => point.Y)]),
            series).Render());
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
