using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>Opens stores of maps by what users write: <c>memory</c>, <c>sqlite:FILE</c>, <c>postgres:DSN</c>, <c>surreal:URL</c>.</summary>
public static class CodeMapStores
{
    /// <summary>What users may write.</summary>
    public const string Syntax = "memory, sqlite:FILE, postgres:DSN or surreal:URL";

    /// <summary>Opens a store.</summary>
    /// <param name="text">Such as <c>sqlite:map.db</c>, <c>postgres:Host=db;Username=me;Database=maps</c>, <c>surreal:http://root:root@localhost:8000/zoekt/repos</c>.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="FormatException">It names no store.</exception>
    /// <exception cref="IOException">The store does not answer.</exception>
    public static async Task<ICodeMapStore> OpenAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text : text[..colon], place = colon < 0 ? "" : text[(colon + 1)..];
        if ((kind == "memory") != (place.Length == 0))
            throw Wrong(text);
        return kind switch
        {
            "memory" => new InMemoryCodeMapStore(),
            "sqlite" => new SqliteCodeMapStore(place),
            "postgres" => await PostgresCodeMapStore.OpenAsync(place, cancellationToken).ConfigureAwait(false),
            "surreal" => await SurrealCodeMapStore.OpenAsync(place, cancellationToken: cancellationToken).ConfigureAwait(false),
            _ => throw Wrong(text),
        };
    }

    private static FormatException Wrong(string text) => new($"'{text}' names no store; give {Syntax}.");
}
