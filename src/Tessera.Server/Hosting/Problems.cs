using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Tessera.Server.Hosting;

/// <summary>Turns whatever goes wrong into one JSON object for the caller; what nobody expected goes to the log as well, and only there with its stack trace.</summary>
internal static partial class Problems
{
    public static void UseProblems(this WebApplication app)
    {
        ILogger logger = app.Logger;
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                // Routing answers with a bare status where nothing has the address or the method.
                if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
                    await WriteAsync(context, context.Response.StatusCode, TextOf(context));
            }
            catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                await WriteAsync(context, exception, logger);
            }
#pragma warning disable CA1031 // The caller has left, or the server is stopping: there is nobody to tell, and nothing that the failure would mean.
            catch (Exception) when (context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
            {
            }
        });
    }

    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        var problem = new Problem(ReasonPhrases.GetReasonPhrase(status), status, detail);
        return context.Response.WriteAsJsonAsync(problem, ServerJson.Web.Problem, "application/problem+json", CancellationToken.None);
    }

    private static Task WriteAsync(HttpContext context, Exception exception, ILogger logger)
    {
        context.Response.Clear();
        SecurityHeaders.Set(context);
        switch (exception)
        {
            case RequestException refused:
                if (refused.RetryAfter > 0)
                    context.Response.Headers.RetryAfter = refused.RetryAfter.ToString(CultureInfo.InvariantCulture);
                return WriteAsync(context, refused.Status, refused.Message);
            case BadHttpRequestException bad:
                return WriteAsync(context, bad.StatusCode, (bad.StatusCode == StatusCodes.Status400BadRequest ? BindingFailure.Explain(context) : null) ?? bad.Message);
            default:
                LogFailure(logger, context.Request.Method, context.Request.Path, exception);
                return WriteAsync(context, StatusCodes.Status500InternalServerError, "The server failed to answer; its log says why.");
        }
    }

    private static string TextOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => BindingFailure.Explain(context) ?? "The request cannot be read; see /openapi/v1.json.",
        StatusCodes.Status404NotFound => "There is nothing at this address; see /openapi/v1.json.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not allowed here; see the Allow header.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of a type that is not read here.",
        StatusCodes.Status504GatewayTimeout => "The answer took too long and was given up.",
        int status => ReasonPhrases.GetReasonPhrase(status) + ".",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogFailure(ILogger logger, string method, string path, Exception exception);
}
