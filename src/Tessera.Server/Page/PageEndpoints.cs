using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Tessera.Server.Page;

/// <summary>Serves the page and its files.</summary>
internal static class PageEndpoints
{
    public static void Map(IEndpointRouteBuilder app, PageFiles files) =>
        app.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], context => Answer(context, files)).ExcludeFromDescription();

    private static async Task Answer(HttpContext context, PageFiles files)
    {
        string path = (context.Request.RouteValues["path"] as string) ?? "";
        if (files.Find(path) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // Asked each time, answered with 304 while nothing has changed: a new version of the page is seen at once.
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = file.ContentType;
        await TypedResults.Bytes(file.Bytes, file.ContentType, entityTag: new EntityTagHeaderValue(file.ETag)).ExecuteAsync(context);
    }
}
