using Microsoft.AspNetCore.Http;

namespace Tessera.Server.Hosting;

/// <summary>A request that is refused, with what the caller is told.</summary>
internal sealed class RequestException(int status, string detail) : Exception(detail)
{
    public int Status => status;

    /// <summary>Seconds after which to try again; 0 where that would not help.</summary>
    public int RetryAfter { get; private init; }

    public static RequestException Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static RequestException NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    public static RequestException Loading(string name) =>
        new(StatusCodes.Status503ServiceUnavailable, $"{name} is still loading; try again in a moment.") { RetryAfter = 1 };

    public static RequestException Unavailable(string name, string error) =>
        new(StatusCodes.Status503ServiceUnavailable, $"{name} could not be loaded: {error}");
}
