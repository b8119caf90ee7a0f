using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Tessera.Server.Hosting;

/// <summary>Answers that depend on the address alone as long as the server runs: a caller that has one is told so without making it again.</summary>
internal static class UnchangingFilter
{
    // Another run may serve other files under the same names.
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];

    public static RouteHandlerBuilder Unchanging(this RouteHandlerBuilder builder) => builder.AddEndpointFilter(async (invocation, next) =>
    {
        HttpContext context = invocation.HttpContext;
        string address = $"{context.Request.Path}{context.Request.QueryString}";
        var tag = new EntityTagHeaderValue($"\"{Run}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 8))}\"", isWeak: true);
        if (EntityTagHeaderValue.TryParseList(context.Request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? known)
            && known.Any(one => one.Compare(tag, useStrongComparison: false)))
        {
            SetHeaders(context, tag);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        object? result = await next(invocation);
        SetHeaders(context, tag);
        return result;
    });

    private static void SetHeaders(HttpContext context, EntityTagHeaderValue tag)
    {
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
    }
}
