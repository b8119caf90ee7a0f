using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.Server.Loading;

namespace Tessera.Server.Systems;

/// <summary>What is served, and whether it is there yet.</summary>
internal static class SystemEndpoints
{
    private static readonly string Version = typeof(SystemEndpoints).Assembly.GetName().Version?.ToString(3) ?? "";

    public static void Map(IEndpointRouteBuilder api, ServedSystems systems) =>
        api.MapGet("/systems", () => List(systems)).WithSummary("What is served, and whether it is loaded.").WithTags("systems");

    public static void MapHealth(IEndpointRouteBuilder app, ServedSystems systems) =>
        app.MapGet("/health", () => Health(systems)).WithSummary("ok, loading, or degraded where something could not be loaded.").WithTags("systems");

    private static Ok<HealthAnswer> Health(ServedSystems systems) => TypedResults.Ok(new HealthAnswer(
        systems.All.Any(system => system.State == LoadState.Loading) ? "loading"
        : systems.All.Any(system => system.State == LoadState.Failed) ? "degraded"
        : "ok"));

    private static Ok<SystemList> List(ServedSystems systems) => TypedResults.Ok(new SystemList(Version, [.. systems.All.Select(Entry)]));

    private static SystemEntry Entry(ServedSystem system) => new(
        system.Kind, system.Name, system.Title, Words.Of(system.State), system.Content?.Counts ?? new Dictionary<string, long>(), system.Error);
}
