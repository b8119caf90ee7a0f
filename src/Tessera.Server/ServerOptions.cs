using System.Net;

namespace Tessera.Server;

/// <summary>What a <see cref="TesseraServer"/> serves, and to whom.</summary>
public sealed record ServerOptions
{
    /// <summary>The port that is taken when nobody says: 5178.</summary>
    public const int DefaultPort = 5178;

    private static readonly string[] StoreKinds = ["sqlite:", "postgres:", "surreal:"];

    /// <summary>Address or host name to listen on (default <c>localhost</c>, which is both loopback addresses). Anything beyond loopback needs an <see cref="ApiKey"/>.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>Port, 0 to 65535 (default 5178); 0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>What callers must show, at least 16 characters; null (default) for none, which only loopback may do.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Requests that one client may make in a second, with bursts of five times as many; 0 for no limit. Null (default) is no limit on loopback and 200 elsewhere.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>A folder that <c>tessera colors index --out</c> wrote; null (default) for none.</summary>
    public string? Colors { get; init; }

    /// <summary>Folders of sources to map now, and stores of maps (<c>sqlite:FILE</c>, <c>postgres:DSN</c>, <c>surreal:URL</c>), which are opened as they are: of each the map over all its repositories, or the only one.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>Index files (<c>.tsr</c>).</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>Files of items and semantic ids, one item, a tab and its id a line, as <c>tessera ids encode --out</c> writes them.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>A folder of style indices (<c>tessera music index --out</c>); null (default) for none.</summary>
    public string? Music { get; init; }

    /// <summary>A folder of a music model (<c>tessera music train --out</c>), without which nothing is generated; null (default) for none.</summary>
    public string? MusicModel { get; init; }

    /// <summary>Whether to serve the style packs that come with Tessera, with a model that is trained on them at the start, where <see cref="Music"/> is null (default false).</summary>
    public bool StarterPacks { get; init; }

    /// <summary>A folder to serve the page from in place of the one that is built in; null (default) for the latter.</summary>
    public string? WebRoot { get; init; }

    /// <summary>Whether <see cref="Code"/> names a store rather than a folder.</summary>
    /// <param name="code">One of <see cref="Code"/>.</param>
    public static bool IsStore(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return StoreKinds.Any(kind => code.StartsWith(kind, StringComparison.Ordinal));
    }

    internal bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    internal int RateLimit => RequestsPerSecond ?? (IsLoopback ? 0 : 200);

    /// <exception cref="ArgumentException">An option is out of range, or the host is beyond loopback and there is no key.</exception>
    internal void Validate()
    {
        if (Port is < 0 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(Port), Port, "The port is a number from 0 (any that is free) to 65535.");
        if (RequestsPerSecond is < 0 or > 1_000_000)
            throw new ArgumentOutOfRangeException(nameof(RequestsPerSecond), RequestsPerSecond, "Give 1 to 1,000,000 requests a second, or 0 for no limit.");
        if (Host != "localhost" && !IPAddress.TryParse(Host, out _))
            throw new ArgumentException($"The host is '{Host}'; give an address to listen on, such as 127.0.0.1 or 0.0.0.0, or localhost.", nameof(Host));
        if (ApiKey is not null && (ApiKey.Length < 16 || ApiKey.Any(c => c is <= ' ' or > '~')))
            throw new ArgumentException("The API key needs at least 16 characters, printable ASCII without spaces.", nameof(ApiKey));
        if (!IsLoopback && ApiKey is null)
            throw new ArgumentException($"Listening on {Host} lets others in; give an API key of at least 16 characters, or listen on localhost.", nameof(ApiKey));
        if (WebRoot is not null && !Directory.Exists(WebRoot))
            throw new DirectoryNotFoundException($"There is no folder '{WebRoot}' to serve the page from.");
    }
}
