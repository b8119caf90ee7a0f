using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tessera.Colors.Collections;
using Tessera.Colors.Histograms;
using Tessera.Colors.Images;
using Tessera.Colors.Palettes;
using Tessera.Colors.Queries;
using Tessera.Colors.Transport;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server.Colors;

/// <summary>Searches by an image that the caller sends. It is decoded in memory and forgotten.</summary>
internal static class UploadEndpoint
{
    private const int MostBytes = 16 << 20;

    // Twice what a camera makes; a bomb says its size in the header, before anything is unpacked.
    private static readonly VipsImageDecoder Decoder = new(new ImageLimits { MaxBytes = MostBytes, MaxPixels = 80_000_000 });

    public static void Map(IEndpointRouteBuilder colors, ServedSystems systems) =>
        colors.MapPost("/search/image", (HttpRequest request, [AsParameters] ColorPage page, CancellationToken cancellationToken) =>
            Search(ColorEndpoints.Content(systems), request, page, cancellationToken))
            .WithSummary("Images with colours like those of the image in the body.")
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .RequireRateLimiting(RequestLimits.Heavy);

    private static async Task<Ok<ColorSearchAnswer>> Search(ColorsContent content, HttpRequest request, ColorPage page, CancellationToken cancellationToken)
    {
        string type = request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && !type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "The body must be an image: send its bytes with Content-Type image/jpeg, image/png or the like.");
        // Before the body is read: what is wrong with the rest is told first.
        ColorSearchOptions options = page.Search();
        byte[] bytes = await Read(request, cancellationToken);
        DecodedImage image = Decode(bytes);
        ColorQuery query = ColorQuery.Of(SparseHistogram.Of(ColorHistogram.Compute(image)));
        ColorSearchAnswer answer = ColorEndpoints.Answer(content.Collection.Search(query, options, cancellationToken), page.From);
        return TypedResults.Ok(answer with { Query = new PaletteAnswer(ColorShare.Of(Palette.Extract(image, 6))) });
    }

    private static async Task<byte[]> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, MostBytes));
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static DecodedImage Decode(byte[] bytes)
    {
        try
        {
            return Decoder.Decode(bytes);
        }
        catch (ImageException exception)
        {
            throw new RequestException(StatusCodes.Status422UnprocessableEntity, exception.Message);
        }
    }
}
