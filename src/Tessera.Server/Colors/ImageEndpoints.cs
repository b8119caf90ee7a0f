using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Tessera.Colors.Collections;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server.Colors;

/// <summary>Shows single images of a collection, and finds more like one.</summary>
internal static class ImageEndpoints
{
    private static readonly int[] Sizes = [160, 320, 640, 1280];

    public static void Map(IEndpointRouteBuilder colors, ServedSystems systems)
    {
        RouteGroupBuilder images = colors.MapGroup("/images/{id}");
        images.MapGet("", (string id) => Details(ColorEndpoints.Content(systems).Require(id))).WithSummary("All that is known of an image.");
        images.MapGet("/thumbnail", (string id, int? size, HttpContext context) => Thumbnail(ColorEndpoints.Content(systems), id, size, context))
            .WithSummary("The image made small, as JPEG.");
        images.MapGet("/palette", (string id, int? count) => Palette(ColorEndpoints.Content(systems), id, count)).WithSummary("The colours of an image.");
        images.MapGet("/similar", (string id, [AsParameters] ColorPage page, CancellationToken cancellationToken) =>
            Similar(ColorEndpoints.Content(systems), id, page, cancellationToken)).WithSummary("Images with like colours.");
    }

    private static Ok<ImageDetails> Details(ImageEntry image) => TypedResults.Ok(new ImageDetails(
        ColorEndpoints.IdOf(image), image.Path, image.Width, image.Height, ColorShare.Of(image.Palette),
        image.Path[..Math.Max(0, image.Path.LastIndexOf('/'))], image.FileSize, image.Modified, image.Class.ToString().ToLowerInvariant(), image.Tags));

    private static FileContentHttpResult Thumbnail(ColorsContent content, string id, int? size, HttpContext context)
    {
        int wanted = Check.Range(size, 1, Sizes[^1], 320, "size");
        ImageEntry image = content.Require(id);
        int pixels = Sizes.First(one => one >= wanted);
        byte[] jpeg = content.Thumbnails.Get(image, pixels);
        context.Response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.Bytes(jpeg, "image/jpeg", entityTag: new EntityTagHeaderValue($"\"{image.ContentHash[..16]}-{pixels}\""));
    }

    private static Ok<PaletteAnswer> Palette(ColorsContent content, string id, int? count)
    {
        int most = Check.Range(count, 1, 16, 6, "count");
        return TypedResults.Ok(new PaletteAnswer(ColorShare.Of(content.PaletteOf(content.Require(id), most))));
    }

    private static Ok<ColorSearchAnswer> Similar(ColorsContent content, string id, ColorPage page, CancellationToken cancellationToken) =>
        TypedResults.Ok(ColorEndpoints.Answer(content.Collection.Similar(content.Require(id).Id, page.Search(), cancellationToken), page.From));
}
