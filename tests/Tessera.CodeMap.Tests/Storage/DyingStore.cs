using Tessera.CodeMap.Storage;

namespace Tessera.CodeMap.Tests.Storage;

/// <summary>Reads from another store, and is gone when something is to be written.</summary>
internal sealed class DyingStore(ICodeMapStore store) : ICodeMapStore
{
    public string Name => "dying";

    public Task<IReadOnlyList<MapHead>> MapsAsync(CancellationToken cancellationToken = default) => store.MapsAsync(cancellationToken);

    public Task<MapHead?> HeadAsync(string map, CancellationToken cancellationToken = default) => store.HeadAsync(map, cancellationToken);

    public Task<MapRecords?> ReadAsync(string map, CancellationToken cancellationToken = default) => store.ReadAsync(map, cancellationToken);

    public Task CommitAsync(MapChange change, CancellationToken cancellationToken = default) => throw new IOException("the store is gone");

    public Task DeleteAsync(string map, CancellationToken cancellationToken = default) => throw new IOException("the store is gone");

    public Task<IReadOnlyList<ClusterRecord>> ClustersAsync(string map, int? layer = null, CancellationToken cancellationToken = default) => store.ClustersAsync(map, layer, cancellationToken);

    public Task<ClusterRecord?> FindClusterAsync(string id, CancellationToken cancellationToken = default) => store.FindClusterAsync(id, cancellationToken);

    public Task<IReadOnlyList<LayerCount>> LayersAsync(string map, CancellationToken cancellationToken = default) => store.LayersAsync(map, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
