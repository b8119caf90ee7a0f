using Tessera.Cli.Rendering;
using Tessera.CodeMap;

namespace Tessera.Cli.Demo;

/// <summary>Where the seconds of building the map went.</summary>
internal sealed record DemoTimings(double Reading, double Embedding, double Clustering, double Naming, double Indexing, double Total)
{
    public static DemoTimings Of(CodeMapTimings timings) => new(
        Seconds(timings.Reading), Seconds(timings.Embedding), Seconds(timings.Clustering), Seconds(timings.Naming), Seconds(timings.Indexing), Seconds(timings.Total));

    private static double Seconds(TimeSpan time) => Figures.Significant(time.TotalSeconds, 4);
}
