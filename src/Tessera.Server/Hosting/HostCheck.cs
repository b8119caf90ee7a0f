using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tessera.Server.Hosting;

/// <summary>
/// On loopback, answers only requests that were addressed to loopback: a page of another site that has its own name resolved to
/// 127.0.0.1 (DNS rebinding) still sends that name. For the same reason requests that a page of another origin sends are refused.
/// </summary>
internal static class HostCheck
{
    public static bool Allows(HttpRequest request, out string detail)
    {
        string host = request.Host.Host;
        if (!IsLoopback(host))
        {
            detail = $"The Host header is '{host}'; this server answers to localhost only.";
            return false;
        }

        string? origin = request.Headers.Origin;
        detail = $"The Origin is '{origin}'; pages of other sites are not answered.";
        return string.IsNullOrEmpty(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && IsLoopback(from.Host.Trim('[', ']')));
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
