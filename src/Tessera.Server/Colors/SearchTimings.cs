using Tessera.Colors.Collections;

namespace Tessera.Server.Colors;

/// <summary>Where the milliseconds of a search went.</summary>
internal sealed record SearchTimings(double Total, IReadOnlyList<Stage> Stages)
{
    public static SearchTimings Of(ColorSearchTimings timings) => new(
        Math.Round(timings.Total, 2),
        [
            One("prepare", timings.Prepare), One("filter", timings.Filter), One("index", timings.Index),
            One("bounds", timings.Bounds), One("transport", timings.Transport), One("details", timings.Details),
        ]);

    private static Stage One(string name, double milliseconds) => new(name, Math.Round(milliseconds, 2));
}
