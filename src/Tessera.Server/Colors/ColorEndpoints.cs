using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.Colors.Collections;
using Tessera.Colors.Queries;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server.Colors;

/// <summary>Searches images by their colours.</summary>
internal static class ColorEndpoints
{
    private const int MostText = 500;

    private static readonly ColorNames Names = new(
        [.. CssColors.Names.Select(name => new ColorName(name, CssColors.TryFind(name, out var color) ? color.ToHex() : ""))]);

    public static void Map(IEndpointRouteBuilder api, ServedSystems systems)
    {
        RouteGroupBuilder colors = api.MapGroup("/colors").WithTags("colors");
        colors.MapGet("/search", (string? colors, string? exclude, string? rest, [AsParameters] ColorPage page, CancellationToken cancellationToken) =>
            Search(Content(systems), colors, exclude, rest, page, cancellationToken)).WithSummary("Images by colours and weights; without colours, all by their paths.");
        colors.MapGet("/facets", () => Facets(Content(systems))).WithSummary("What the images are, counted.");
        colors.MapGet("/names", () => TypedResults.Ok(Names)).WithSummary("The named colours of CSS.").Unchanging();
        ImageEndpoints.Map(colors, systems);
        UploadEndpoint.Map(colors, systems);
    }

    public static ColorsContent Content(ServedSystems systems)
    {
        ColorsContent content = systems.Find(SystemKind.Colors).Require<ColorsContent>();
        content.Refresh();
        return content;
    }

    public static string IdOf(ImageEntry image) => image.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>One page of what was found.</summary>
    public static ColorSearchAnswer Answer(ColorSearchResult result, int offset) => new(
        [.. result.Hits.Skip(offset).Select(ImageHit.Of)], result.Passing, offset, result.Facets is { } facets ? FacetList.Of(facets) : null, SearchTimings.Of(result.Timings));

    private static Ok<ColorSearchAnswer> Search(ColorsContent content, string? colors, string? exclude, string? rest, ColorPage page, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(colors))
        {
            if (!string.IsNullOrEmpty(exclude))
                throw RequestException.Bad("exclude needs colors to search for; give at least one.");
            return TypedResults.Ok(Browse(content, page));
        }

        if (rest is not (null or "any"))
            throw RequestException.Bad($"rest is '{Check.Shown(rest)}'; give any, or leave it out.");
        ColorQuery query = Parse(colors, rest is not null) with { Exclusions = Exclusions(exclude) };
        return TypedResults.Ok(Answer(content.Collection.Search(query, page.Search(), cancellationToken), page.From));
    }

    private static ColorSearchAnswer Browse(ColorsContent content, ColorPage page)
    {
        long start = Stopwatch.GetTimestamp();
        ImageFilter filter = page.Filter();
        (IReadOnlyList<ImageEntry> images, int total) = content.Browse(filter, page.From, page.Count);
        FacetList facets = FacetList.Of(content.Collection.Facets(filter));
        return new ColorSearchAnswer([.. images.Select(ImageHit.Of)], total, page.From, facets, new SearchTimings(Elapsed.Milliseconds(start), []));
    }

    private static Ok<FacetList> Facets(ColorsContent content) => TypedResults.Ok(FacetList.Of(content.Collection.Facets()));

    private static ColorQuery Parse(string colors, bool restIsAny)
    {
        string text = Check.Text(colors, MostText, "colors");
        try
        {
            return ColorQuery.Parse(restIsAny && !text.Contains('*', StringComparison.Ordinal) ? text + ",*" : text);
        }
        catch (Exception exception) when (exception is ColorQueryException or ArgumentException)
        {
            throw RequestException.Bad($"colors: {exception.Message}");
        }
    }

    private static IReadOnlyList<ColorExclusion> Exclusions(string? exclude)
    {
        if (string.IsNullOrWhiteSpace(exclude))
            return [];
        try
        {
            return ColorQuery.ParseExclusions(Check.Text(exclude, MostText, "exclude"));
        }
        catch (Exception exception) when (exception is ColorQueryException or ArgumentException)
        {
            throw RequestException.Bad($"exclude: {exception.Message}");
        }
    }
}
