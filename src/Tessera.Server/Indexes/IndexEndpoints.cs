using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.Indexes;
using Tessera.Search;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server.Indexes;

/// <summary>Shows and searches vector indexes.</summary>
internal static class IndexEndpoints
{
    private const int MostAnswers = 1000;

    public static void Map(IEndpointRouteBuilder api, ServedSystems systems)
    {
        RouteGroupBuilder indexes = api.MapGroup("/indexes").WithTags("indexes");
        indexes.MapGet("", () => List(systems)).WithSummary("The indexes that are loaded.");
        indexes.MapGet("/{name}", (string name) => One(systems.Find(SystemKind.Index, name))).WithSummary("What is known of an index.");
        indexes.MapPost("/{name}/search", (string name, IndexQuery query) => Search(systems.Find(SystemKind.Index, name), query))
            .WithSummary("The vectors nearest to one.");
    }

    private static Ok<IndexList> List(ServedSystems systems) => TypedResults.Ok(new IndexList(
        [.. systems.All.Where(system => system.Content is IndexContent).Select(Entry)]));

    private static Ok<IndexEntry> One(ServedSystem system) => TypedResults.Ok(Entry(system));

    private static IndexEntry Entry(ServedSystem system)
    {
        VectorIndex index = system.Require<IndexContent>().Index;
        MemoryUsage memory = index.Memory;
        string? knob = index.Knob switch
        {
            SearchKnob.Probes => "probes",
            SearchKnob.EfSearch or SearchKnob.Beam => "beam",
            _ => null,
        };
        return new IndexEntry(
            system.Name, index.Specification, index.Metric.ToString(), index.Dimension, index.Count, index.RemovedCount, index.Lists, knob,
            memory.MeasuredBytes, Math.Round(memory.MeasuredBytesPerVector, 1), index.Tags);
    }

    private static Ok<IndexAnswer> Search(ServedSystem system, IndexQuery query)
    {
        VectorIndex index = system.Require<IndexContent>().Index;
        if (query.Vector is not { } vector || vector.Length != index.Dimension)
            throw RequestException.Bad($"vector has {query.Vector?.Length ?? 0} numbers; give {index.Dimension}.");
        // JSON has no NaN, but 1e60 is one number too large for float32.
        if (!vector.All(float.IsFinite))
            throw RequestException.Bad("vector has a number that float32 cannot hold.");
        int beam = Check.Range(query.Beam, 0, 100_000, 0, "beam");
        var options = new SearchOptions
        {
            Probes = Check.Range(query.Probes, 0, index.Lists, 0, "probes"),
            EfSearch = beam,
            Beam = beam,
            Filter = query.Tag is null ? null : SearchFilter.Tagged(Known(index, Check.Text(query.Tag, 200, "tag"))),
        };
        var nearest = new Neighbor[Check.Range(query.K, 1, MostAnswers, 10, "k")];
        long start = Stopwatch.GetTimestamp();
        int found;
        try
        {
            found = index.Search(vector, nearest, options);
        }
        catch (ArgumentException exception)
        {
            throw RequestException.Bad(exception.Message);
        }

        return TypedResults.Ok(new IndexAnswer([.. nearest.Take(found).Select(one => new IndexHit(one.Id, one.Distance))], Elapsed.Milliseconds(start)));
    }

    private static string Known(VectorIndex index, string tag) => index.Tags.Contains(tag)
        ? tag
        : throw RequestException.Bad($"tag is '{Check.Shown(tag)}', which no vector bears.");
}
