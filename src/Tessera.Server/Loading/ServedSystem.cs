using Tessera.Server.Hosting;

namespace Tessera.Server.Loading;

/// <summary>Something that the server was told to serve: loading at first, then ready or failed for good.</summary>
/// <param name="kind">colors, code, index, ids or music.</param>
/// <param name="name">Names it in addresses; no other system has it.</param>
/// <param name="title">Where it comes from, for people.</param>
/// <param name="open">Loads it.</param>
internal sealed class ServedSystem(string kind, string name, string title, Func<CancellationToken, IServedContent> open) : IDisposable
{
    private volatile IServedContent? _content;
    private volatile string? _error;

    public string Kind => kind;

    public string Name => name;

    public string Title => title;

    public LoadState State => _content is not null ? LoadState.Ready : _error is not null ? LoadState.Failed : LoadState.Loading;

    /// <summary>Why it failed to load; null where it did not.</summary>
    public string? Error => _error;

    /// <summary>What was loaded; null while it loads, and where that failed.</summary>
    public IServedContent? Content => _content;

    public void Load(CancellationToken cancellationToken)
    {
        try
        {
            _content = open(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _error = "The server is stopping.";
        }
#pragma warning disable CA1031 // One system that cannot be loaded must not take the others with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _error = exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Storage.TesseraFormatException
                ? exception.Message
                : $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    /// <summary>What was loaded.</summary>
    /// <exception cref="RequestException">It is still loading, or failed to load.</exception>
    public T Require<T>() where T : class, IServedContent => _content as T
        ?? throw (_error is null ? RequestException.Loading(name) : RequestException.Unavailable(name, _error));

    public void Dispose() => _content?.Dispose();
}
