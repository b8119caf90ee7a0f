using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tessera.Server.Hosting;

/// <summary>Compares the key of a request with the server's, in a time that says nothing of where they differ.</summary>
internal sealed class ApiKeyCheck(string key)
{
    private const string Bearer = "Bearer ";

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Whether an address needs the key: all but the page and its health.</summary>
    public static bool Guards(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase);

    public bool Allows(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        string? given = authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true
            ? authorization[Bearer.Length..].Trim()
            : request.Headers["X-Api-Key"];
        // Hashes are of one length, so that not even the key's length shows.
        return given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _hash);
    }
}
