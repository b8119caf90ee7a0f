using System.Collections.Concurrent;

namespace Tessera.CodeMap.Storage;

/// <summary>Maps that live as long as this object: for tests, and for looking at a map once.</summary>
public sealed class InMemoryCodeMapStore : ICodeMapStore
{
    private readonly ConcurrentDictionary<string, MapRecords> _maps = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public Task<IReadOnlyList<MapHead>> MapsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<MapHead>>([.. _maps.Values.Select(map => map.Head).OrderBy(head => head.Map, StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public Task<MapHead?> HeadAsync(string map, CancellationToken cancellationToken = default) => Task.FromResult(_maps.GetValueOrDefault(map)?.Head);

    /// <inheritdoc/>
    public Task<MapRecords?> ReadAsync(string map, CancellationToken cancellationToken = default) => Task.FromResult(_maps.GetValueOrDefault(map));

    /// <inheritdoc/>
    public Task CommitAsync(MapChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            MapRecords? stored = _maps.GetValueOrDefault(change.Head.Map);
            MapHead head = change.Follow(stored?.Head);
            _maps[head.Map] = Changed(change, head, change.IsWhole ? null : stored);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string map, CancellationToken cancellationToken = default)
    {
        _maps.TryRemove(map, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterRecord>> ClustersAsync(string map, int? layer = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ClusterRecord>>(
            [.. (_maps.GetValueOrDefault(map)?.Clusters ?? []).Where(cluster => layer is null || cluster.Layer == layer)]);

    /// <inheritdoc/>
    public Task<ClusterRecord?> FindClusterAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_maps.Values.SelectMany(map => map.Clusters).FirstOrDefault(cluster => cluster.Id == id));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LayerCount>> LayersAsync(string map, CancellationToken cancellationToken = default)
    {
        if (!_maps.TryGetValue(map, out MapRecords? records))
            return Task.FromResult<IReadOnlyList<LayerCount>>([]);
        var layers = records.Clusters.GroupBy(cluster => cluster.Layer).OrderBy(layer => layer.Key).Select(layer => new LayerCount(layer.Key, layer.Count()));
        return Task.FromResult<IReadOnlyList<LayerCount>>([.. layers.Prepend(new LayerCount(0, records.Entities.Count)).Where(layer => layer.Clusters > 0)]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static MapRecords Changed(MapChange change, MapHead head, MapRecords? stored)
    {
        var files = (stored?.Files ?? []).ToDictionary(file => (file.Repository, file.Path));
        var entities = (stored?.Entities ?? []).ToDictionary(entity => entity.Number);
        var clusters = (stored?.Clusters ?? []).ToDictionary(cluster => cluster.Id, StringComparer.Ordinal);
        var blobs = new Dictionary<string, ReadOnlyMemory<byte>>(stored?.Blobs ?? new Dictionary<string, ReadOnlyMemory<byte>>());
        foreach (var file in change.RemovedFiles)
            files.Remove(file);
        foreach (FileRecord file in change.PutFiles)
            files[(file.Repository, file.Path)] = file;
        foreach (int number in change.RemovedEntities)
            entities.Remove(number);
        foreach (EntityRecord entity in change.PutEntities)
            entities[entity.Number] = entity;
        foreach (string id in change.RemovedClusters)
            clusters.Remove(id);
        foreach (ClusterRecord cluster in change.PutClusters)
            clusters[cluster.Id] = cluster;
        foreach (var (name, bytes) in change.PutBlobs)
            blobs[name] = bytes;
        return new MapRecords(head, [.. files.Values], [.. entities.Values], [.. clusters.Values.OrderBy(cluster => cluster.Layer).ThenBy(cluster => cluster.Number)], blobs);
    }
}
