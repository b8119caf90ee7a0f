namespace Tessera.CodeMap.Storage;

/// <summary>
/// Keeps maps: one for each repository, and one over all of them (<see cref="MapHead.Global"/>). A map changes from one generation
/// to the next by a single commit: readers see all of it or nothing of it, and a build that dies leaves what was there. Any number
/// of threads and processes may use one store.
/// </summary>
/// <remarks>What every store does alike is held by one suite of tests that runs over all of them.</remarks>
public interface ICodeMapStore : IAsyncDisposable
{
    /// <summary>What and where it is, without secrets, such as <c>sqlite:/home/me/map.db</c>.</summary>
    string Name { get; }

    /// <summary>The heads of all maps, by name.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The store does not answer; the message names it.</exception>
    Task<IReadOnlyList<MapHead>> MapsAsync(CancellationToken cancellationToken = default);

    /// <summary>The head of one map; null where there is none.</summary>
    /// <param name="map">The repository's name, or <see cref="MapHead.Global"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The store does not answer.</exception>
    Task<MapHead?> HeadAsync(string map, CancellationToken cancellationToken = default);

    /// <summary>Everything of one map, all of it of one generation; null where there is no such map.</summary>
    /// <param name="map">The repository's name, or <see cref="MapHead.Global"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The store does not answer.</exception>
    Task<MapRecords?> ReadAsync(string map, CancellationToken cancellationToken = default);

    /// <summary>Turns a map into its next generation, wholly or not at all.</summary>
    /// <param name="change">What becomes different.</param>
    /// <param name="cancellationToken">Stops before the commit; then nothing has changed.</param>
    /// <exception cref="StaleBuildException">The map is of another generation than the change was made from, or a build with a newer token has been here.</exception>
    /// <exception cref="IOException">The store does not answer; the map is as it was.</exception>
    Task CommitAsync(MapChange change, CancellationToken cancellationToken = default);

    /// <summary>Removes a map; nothing happens where there is none.</summary>
    /// <param name="map">The repository's name, or <see cref="MapHead.Global"/>.</param>
    /// <param name="cancellationToken">Stops before it is removed.</param>
    /// <exception cref="IOException">The store does not answer.</exception>
    Task DeleteAsync(string map, CancellationToken cancellationToken = default);

    /// <summary>The clusters of one map, by layer and number.</summary>
    /// <param name="map">The repository's name, or <see cref="MapHead.Global"/>.</param>
    /// <param name="layer">Its layer, from 1; null for all.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The store does not answer.</exception>
    Task<IReadOnlyList<ClusterRecord>> ClustersAsync(string map, int? layer = null, CancellationToken cancellationToken = default);

    /// <summary>The cluster of an id, of whichever map; null where there is none. Ids are compared whole.</summary>
    /// <param name="id">Such as <c>hirag::layer1::5::repo::tessera</c>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The store does not answer.</exception>
    Task<ClusterRecord?> FindClusterAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>How many records each layer of a map has, from layer 0 (entities) up; empty where there is no such map.</summary>
    /// <param name="map">The repository's name, or <see cref="MapHead.Global"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The store does not answer.</exception>
    Task<IReadOnlyList<LayerCount>> LayersAsync(string map, CancellationToken cancellationToken = default);
}
