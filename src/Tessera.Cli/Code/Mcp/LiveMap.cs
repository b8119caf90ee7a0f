using ModelContextProtocol;
using Tessera.Cli.Hosting;
using Tessera.CodeMap;
using Tessera.CodeMap.Embeddings;
using Tessera.CodeMap.Storage;

namespace Tessera.Cli.Code.Mcp;

/// <summary>The newest generation of a map in a store: read when it is first asked for, and again when another build has been there.</summary>
internal sealed class LiveMap(ICodeMapStore store, string? repository, IEntityEmbedder? embedder) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private CodeMapSnapshot? _map;
    private string _name = "";
    private long _generation;

    /// <summary>Asks the map; one question at a time.</summary>
    /// <exception cref="McpException">There is no map, or it cannot be read.</exception>
    public async Task<string> UseAsync(Func<CodeMapSnapshot, string> ask, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return ask(await NewestAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception problem) when (problem is IOException or FailureException or InvalidDataException)
        {
            // Of other exceptions the protocol tells the assistant nothing.
            throw new McpException(problem.Message, problem);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _map?.Dispose();
        _turn.Dispose();
    }

    private async Task<CodeMapSnapshot> NewestAsync(CancellationToken cancellationToken)
    {
        string name = await CodeMapReader.ChooseAsync(store, repository, cancellationToken).ConfigureAwait(false);
        MapHead? head = await store.HeadAsync(name, cancellationToken).ConfigureAwait(false);
        if (_map is not null && head is not null && (name, head.Generation) == (_name, _generation))
            return _map;
        CodeMapSnapshot? newest = await CodeMapReader.OpenAsync(store, name, embedder, cancellationToken).ConfigureAwait(false);
        _map?.Dispose();
        _map = newest ?? throw new McpException($"{store.Name}: the map was removed a moment ago.");
        (_name, _generation) = (name, head?.Generation ?? 0);
        return _map;
    }
}
