using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Tessera.Server.Metrics;

/// <summary>What a Prometheus server reads.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder app, MetricsText metrics) =>
        app.MapGet("/metrics", () => Text(metrics)).WithTags("systems").WithSummary("Counts and times in Prometheus' text format.");

    private static ContentHttpResult Text(MetricsText metrics) => TypedResults.Text(metrics.Write(), "text/plain; version=0.0.4; charset=utf-8");
}
