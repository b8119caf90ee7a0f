using System.Data.Common;
using System.Text.Json;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>
/// Maps in the tables of a database. A commit is one transaction and a reading another, so that the database itself sees to it
/// that nobody sees half a generation and that a build which dies leaves nothing. Each call has a connection of its own.
/// </summary>
public abstract class SqlCodeMapStore : ICodeMapStore
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MapHead>> MapsAsync(CancellationToken cancellationToken = default) => ReadingAsync<IReadOnlyList<MapHead>>(
        async session =>
        {
            var heads = new List<MapHead>();
            await using DbDataReader rows = await session.QueryAsync("SELECT head FROM code_map").ConfigureAwait(false);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                heads.Add(HeadOf(rows.GetString(0)));
            return [.. heads.OrderBy(head => head.Map, StringComparer.Ordinal)];
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<MapHead?> HeadAsync(string map, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        return ReadingAsync(session => HeadAsync(session, map), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<MapRecords?> ReadAsync(string map, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        return ReadingAsync<MapRecords?>(
            async session =>
            {
                if (await HeadAsync(session, map).ConfigureAwait(false) is not { } head)
                    return null;
                return new MapRecords(
                    head,
                    await session.AllAsync(SqlTables.Files, map).ConfigureAwait(false),
                    await session.AllAsync(SqlTables.Entities, map).ConfigureAwait(false),
                    await session.AllAsync(SqlTables.Clusters, map, "ORDER BY layer, number").ConfigureAwait(false),
                    SqlTables.Joined(await session.AllAsync(SqlTables.Blobs, map).ConfigureAwait(false)));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task CommitAsync(MapChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        string map = change.Head.Map;
        return WritingAsync(
            map,
            async session =>
            {
                MapHead head = change.Follow(await HeadAsync(session, map).ConfigureAwait(false));
                if (change.IsWhole)
                    await ClearAsync(session, map).ConfigureAwait(false);
                await session.RunAsync("DELETE FROM code_map WHERE map = @p0", map).ConfigureAwait(false);
                await session.RunAsync("INSERT INTO code_map (map, generation, head) VALUES (@p0, @p1, @p2)", map, head.Generation, JsonSerializer.Serialize(head, StoreJson.Default.MapHead)).ConfigureAwait(false);
                await ReplaceAsync(session, change, SqlTables.Files, change.PutFiles, change.RemovedFiles.Select(file => new object[] { file.Repository, file.Path })).ConfigureAwait(false);
                await ReplaceAsync(session, change, SqlTables.Entities, change.PutEntities, change.RemovedEntities.Select(number => new object[] { number })).ConfigureAwait(false);
                await ReplaceAsync(session, change, SqlTables.Clusters, change.PutClusters, change.RemovedClusters.Select(id => new object[] { id })).ConfigureAwait(false);
                await ReplaceAsync(session, change, SqlTables.Blobs, SqlTables.Parts(change.PutBlobs), []).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string map, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        return WritingAsync(
            map,
            async session =>
            {
                await ClearAsync(session, map).ConfigureAwait(false);
                await session.RunAsync("DELETE FROM code_map WHERE map = @p0", map).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterRecord>> ClustersAsync(string map, int? layer = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        return ReadingAsync<IReadOnlyList<ClusterRecord>>(
            async session => layer is null
                ? await session.AllAsync(SqlTables.Clusters, map, "ORDER BY layer, number").ConfigureAwait(false)
                : await session.AllAsync(SqlTables.Clusters, map, "AND layer = @p1 ORDER BY number", layer.Value).ConfigureAwait(false),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ClusterRecord?> FindClusterAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!ClusterId.TryParse(id, out ClusterId parsed))
            return null;
        List<ClusterRecord> found = await ReadingAsync(session => session.AllAsync(SqlTables.Clusters, parsed.Map, "AND id = @p1", id), cancellationToken).ConfigureAwait(false);
        return found.FirstOrDefault();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LayerCount>> LayersAsync(string map, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        return ReadingAsync<IReadOnlyList<LayerCount>>(
            async session =>
            {
                var layers = new List<LayerCount>();
                await using DbDataReader rows = await session.QueryAsync(
                    "SELECT 0 AS layer, count(*) FROM code_entity WHERE map = @p0 HAVING count(*) > 0 UNION ALL SELECT layer, count(*) FROM code_cluster WHERE map = @p0 GROUP BY layer ORDER BY layer", map).ConfigureAwait(false);
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    layers.Add(new LayerCount(rows.GetInt32(0), (int)rows.GetInt64(1)));
                return layers;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a connection.</summary>
    private protected abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Begins a transaction that sees one state of the database.</summary>
    private protected abstract Task<DbTransaction> BeginReadingAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Begins a transaction that writes, when no other one is writing that map.</summary>
    private protected abstract Task<DbTransaction> BeginWritingAsync(DbConnection connection, string map, CancellationToken cancellationToken);

    /// <summary>Adds rows, of which none is there.</summary>
    private protected abstract Task InsertAsync<T>(SqlSession session, SqlTable<T> table, string map, IEnumerable<T> records);

    /// <summary>Says in the terms of a store what the database reports.</summary>
    private protected abstract Exception Told(DbException problem);

    private static async Task ClearAsync(SqlSession session, string map)
    {
        foreach (string table in new[] { SqlTables.Files.Name, SqlTables.Entities.Name, SqlTables.Clusters.Name, SqlTables.Blobs.Name })
            await session.RunAsync($"DELETE FROM {table} WHERE map = @p0", map).ConfigureAwait(false);
    }

    private static async Task<MapHead?> HeadAsync(SqlSession session, string map)
    {
        await using DbDataReader rows = await session.QueryAsync("SELECT head FROM code_map WHERE map = @p0", map).ConfigureAwait(false);
        return await rows.ReadAsync(session.CancellationToken).ConfigureAwait(false) ? HeadOf(rows.GetString(0)) : null;
    }

    private static MapHead HeadOf(string json) => JsonSerializer.Deserialize(json, StoreJson.Default.MapHead)!;

    private async Task ReplaceAsync<T>(SqlSession session, MapChange change, SqlTable<T> table, IEnumerable<T> put, IEnumerable<object[]> removed)
    {
        T[] records = [.. put];
        if (!change.IsWhole)
        {
            IEnumerable<object[]> replaced = records.Select(record => table.Values(record)[..(table.Keys - 1)]);
            await session.DeleteAsync(table, change.Head.Map, removed.Concat(replaced)).ConfigureAwait(false);
        }

        if (records.Length > 0)
            await InsertAsync(session, table, change.Head.Map, records).ConfigureAwait(false);
    }

    private async Task<T> ReadingAsync<T>(Func<SqlSession, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using DbConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using DbTransaction transaction = await BeginReadingAsync(connection, cancellationToken).ConfigureAwait(false);
            return await work(new SqlSession(connection, transaction, cancellationToken)).ConfigureAwait(false);
        }
        catch (DbException problem)
        {
            throw Told(problem);
        }
    }

    private async Task WritingAsync(string map, Func<SqlSession, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await using DbConnection connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            await using DbTransaction transaction = await BeginWritingAsync(connection, map, cancellationToken).ConfigureAwait(false);
            await work(new SqlSession(connection, transaction, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (DbException problem)
        {
            throw Told(problem);
        }
    }
}
