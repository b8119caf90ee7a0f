namespace Tessera.Cli.Rendering;

/// <summary>A curve: points joined in their order.</summary>
internal sealed record PlotSeries(string Name, IReadOnlyList<PlotPoint> Points)
{
    /// <summary>Whether a line joins the points.</summary>
    public bool IsJoined { get; init; } = true;
}
