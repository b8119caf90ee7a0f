using System.Text.Json.Nodes;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>
/// Maps in SurrealDB, in the tables of the reference: <c>hirag_cluster</c> holds the current generation and nothing else. Since a
/// call may carry 4 MiB, a generation is first put aside in <c>code_staging</c>, batch by batch, and then moved by one transaction.
/// </summary>
public sealed class SurrealCodeMapStore : ICodeMapStore
{
    internal const string Overtaken = "overtaken by another build";

    private const int Attempts = 6;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    private readonly SurrealClient _client;

    private SurrealCodeMapStore(SurrealClient client)
    {
        _client = client;
    }

    /// <inheritdoc/>
    public string Name => _client.Name;

    /// <summary>Connects to a database and defines the tables where they are not there.</summary>
    /// <param name="url">Such as <c>http://root:root@localhost:8000/zoekt/repos</c>; namespace <c>zoekt</c> and database <c>repos</c>, those of the reference, may be left out. With an empty user, what follows the colon is a bearer token.</param>
    /// <param name="timeout">How long one call may take; null for 5 minutes.</param>
    /// <param name="cancellationToken">Stops the connecting.</param>
    /// <exception cref="FormatException">It is no such address.</exception>
    /// <exception cref="IOException">The server does not answer, or refuses.</exception>
    public static async Task<SurrealCodeMapStore> OpenAsync(string url, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        var client = new SurrealClient(url, timeout ?? DefaultTimeout);
        try
        {
            try
            {
                await client.QueryAsync($"DEFINE NAMESPACE IF NOT EXISTS `{client.Namespace}`; USE NS `{client.Namespace}`; DEFINE DATABASE IF NOT EXISTS `{client.Database}`;", [], cancellationToken).ConfigureAwait(false);
            }
            catch (SurrealException)
            {
                // Whoever may not define them has them already; if not, the tables say so.
            }

            await client.QueryAsync(
                """
                DEFINE TABLE IF NOT EXISTS hirag_cluster SCHEMALESS;
                DEFINE INDEX IF NOT EXISTS hirag_cluster_map ON hirag_cluster FIELDS map, layer;
                DEFINE INDEX IF NOT EXISTS hirag_cluster_stable_id ON hirag_cluster FIELDS stable_id;
                DEFINE TABLE IF NOT EXISTS code_map SCHEMALESS;
                DEFINE TABLE IF NOT EXISTS code_file SCHEMALESS;
                DEFINE INDEX IF NOT EXISTS code_file_map ON code_file FIELDS map;
                DEFINE TABLE IF NOT EXISTS code_blob SCHEMALESS;
                DEFINE TABLE IF NOT EXISTS code_staging SCHEMALESS;
                DEFINE INDEX IF NOT EXISTS code_staging_build ON code_staging FIELDS build;
                """,
                [],
                cancellationToken).ConfigureAwait(false);
            return new SurrealCodeMapStore(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MapHead>> MapsAsync(CancellationToken cancellationToken = default)
    {
        JsonArray rows = await RowsAsync("SELECT head FROM code_map;", [], cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => SurrealRecords.Head(row!)).OrderBy(head => head.Map, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<MapHead?> HeadAsync(string map, CancellationToken cancellationToken = default)
    {
        JsonArray rows = await RowsAsync("SELECT head FROM code_map WHERE map = $map;", new JsonObject { ["map"] = map }, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : SurrealRecords.Head(rows[0]!);
    }

    /// <inheritdoc/>
    public async Task<MapRecords?> ReadAsync(string map, CancellationToken cancellationToken = default)
    {
        // One transaction sees one state.
        JsonNode?[] results = await _client.QueryAsync(
            """
            BEGIN TRANSACTION;
            SELECT head FROM code_map WHERE map = $map;
            SELECT * OMIT id FROM code_file WHERE map = $map;
            SELECT * OMIT id FROM hirag_cluster WHERE map = $map;
            SELECT * OMIT id FROM code_blob WHERE map = $map;
            COMMIT TRANSACTION;
            """,
            new JsonObject { ["map"] = map },
            cancellationToken).ConfigureAwait(false);
        JsonArray[] rows = [.. results.OfType<JsonArray>()];
        if (rows.Length != 4)
            throw new IOException($"{Name} answers {rows.Length} of 4 questions for a map.");
        if (rows[0].Count == 0)
            return null;
        ILookup<bool, JsonNode> records = rows[2].ToLookup(row => (int)row!["layer"]! == 0, row => row!);
        return new MapRecords(
            SurrealRecords.Head(rows[0][0]!),
            [.. rows[1].Select(row => SurrealRecords.File(row!))],
            [.. records[true].Select(SurrealRecords.Entity)],
            InOrder(records[false]),
            SurrealRecords.Blobs(rows[3]));
    }

    /// <inheritdoc/>
    public async Task CommitAsync(MapChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        string map = change.Head.Map, build = Guid.NewGuid().ToString("N");
        change.Follow(await HeadAsync(map, cancellationToken).ConfigureAwait(false));
        try
        {
            await StageAsync(change, build, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            for (int attempt = 1; ; attempt++)
            {
                MapHead? stored = await HeadAsync(map, cancellationToken).ConfigureAwait(false);
                MapHead head = change.Follow(stored);
                try
                {
                    await FlipAsync(change, head, stored, build).ConfigureAwait(false);
                    return;
                }
                catch (SurrealException problem) when (problem.IsConflict && attempt < Attempts)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            await ForgetAsync(build).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string map, CancellationToken cancellationToken = default) => _client.QueryAsync(
        "BEGIN TRANSACTION; DELETE code_map WHERE map = $map; DELETE code_file WHERE map = $map; DELETE hirag_cluster WHERE map = $map; DELETE code_blob WHERE map = $map; COMMIT TRANSACTION;",
        new JsonObject { ["map"] = map },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClusterRecord>> ClustersAsync(string map, int? layer = null, CancellationToken cancellationToken = default)
    {
        string sql = layer is null ? "SELECT * OMIT id FROM hirag_cluster WHERE map = $map AND layer > 0;" : "SELECT * OMIT id FROM hirag_cluster WHERE map = $map AND layer > 0 AND layer = $layer;";
        JsonArray rows = await RowsAsync(sql, new JsonObject { ["map"] = map, ["layer"] = layer ?? 0 }, cancellationToken).ConfigureAwait(false);
        return InOrder(rows.Select(row => row!));
    }

    /// <inheritdoc/>
    public async Task<ClusterRecord?> FindClusterAsync(string id, CancellationToken cancellationToken = default)
    {
        JsonArray rows = await RowsAsync("SELECT * OMIT id FROM hirag_cluster WHERE stable_id = $id AND layer > 0;", new JsonObject { ["id"] = id }, cancellationToken).ConfigureAwait(false);
        return rows.Count == 0 ? null : SurrealRecords.Cluster(rows[0]!);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LayerCount>> LayersAsync(string map, CancellationToken cancellationToken = default)
    {
        JsonArray rows = await RowsAsync("SELECT layer, count() AS clusters FROM hirag_cluster WHERE map = $map GROUP BY layer ORDER BY layer;", new JsonObject { ["map"] = map }, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new LayerCount((int)row!["layer"]!, (int)row["clusters"]!)).OrderBy(layer => layer.Layer)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ClusterRecord[] InOrder(IEnumerable<JsonNode> rows) => [.. rows.Select(SurrealRecords.Cluster).OrderBy(cluster => cluster.Layer).ThenBy(cluster => cluster.Number)];

    /// <summary>Puts all that is new aside, in batches that each fit a call.</summary>
    private async Task StageAsync(MapChange change, string build, CancellationToken cancellationToken)
    {
        string map = change.Head.Map;
        IEnumerable<(string Table, JsonNode Row)> rows =
        [
            .. change.PutFiles.Select(file => ("code_file", (JsonNode)SurrealRecords.Of(map, file))),
            .. change.PutEntities.Select(entity => ("hirag_cluster", (JsonNode)SurrealRecords.Of(map, entity))),
            .. change.PutClusters.Select(cluster => ("hirag_cluster", (JsonNode)SurrealRecords.Of(map, cluster))),
            .. change.PutBlobs.SelectMany(blob => SurrealRecords.Blob(map, blob.Key, blob.Value)).Select(part => ("code_blob", (JsonNode)part)),
            .. Gone(change).Select(id => ("gone", (JsonNode)JsonValue.Create(id)!)),
        ];
        foreach (var table in rows.GroupBy(row => row.Table, row => row.Row))
        {
            var batch = new JsonArray();
            int bytes = 0;
            foreach (JsonNode row in table)
            {
                int size = System.Text.Encoding.UTF8.GetByteCount(row.ToJsonString());
                if (batch.Count > 0 && bytes + size > SurrealClient.MostBytes)
                {
                    await PutAsync(table.Key, batch).ConfigureAwait(false);
                    (batch, bytes) = ([], 0);
                }

                batch.Add(row);
                bytes += size;
            }

            await PutAsync(table.Key, batch).ConfigureAwait(false);
        }

        Task PutAsync(string table, JsonArray batch) => _client.QueryAsync(
            "INSERT INTO code_staging { build: $build, part: $part, rows: $rows } RETURN NONE;",
            new JsonObject { ["build"] = build, ["part"] = table, ["rows"] = batch },
            cancellationToken);
    }

    /// <summary>Stable ids of the records that go, and those that are replaced.</summary>
    private static IEnumerable<string> Gone(MapChange change) => change.IsWhole
        ? []
        : change.RemovedEntities.Concat(change.PutEntities.Select(entity => entity.Number)).Select(number => new ClusterId(0, number, change.Head.Map).ToString())
            .Concat(change.RemovedClusters).Concat(change.PutClusters.Select(cluster => cluster.Id));

    /// <summary>Moves what was put aside to its place, in one transaction.</summary>
    private async Task FlipAsync(MapChange change, MapHead head, MapHead? stored, string build)
    {
        string clear = change.IsWhole
            ? "DELETE code_file WHERE map = $map; DELETE hirag_cluster WHERE map = $map; DELETE code_blob WHERE map = $map;"
            : """
              FOR $path IN $paths { DELETE code_file WHERE map = $map AND repository = $path[0] AND path = $path[1]; };
              LET $gone = array::flatten(SELECT VALUE rows FROM code_staging WHERE build = $build AND part = 'gone');
              FOR $record IN $gone { DELETE hirag_cluster WHERE stable_id = $record; };
              FOR $blob IN $blobs { DELETE code_blob WHERE map = $map AND name = $blob; };
              """;
        IEnumerable<(string Repository, string Path)> paths = change.RemovedFiles.Concat(change.PutFiles.Select(file => (file.Repository, file.Path)));
        await _client.QueryAsync(
            $$"""
            BEGIN TRANSACTION;
            IF ((SELECT VALUE generation FROM code_map WHERE map = $map)[0] ?? 0) != $from { THROW '{{Overtaken}}'; };
            IF ((SELECT VALUE token FROM code_map WHERE map = $map)[0] ?? 0) != $fence { THROW '{{Overtaken}}'; };
            {{clear}}
            {{Move("code_file", stored is null)}}
            {{Move("hirag_cluster", stored is null)}}
            {{Move("code_blob", stored is null)}}
            DELETE code_staging WHERE build = $build;
            DELETE code_map WHERE map = $map;
            UPSERT code_map CONTENT $head RETURN NONE;
            COMMIT TRANSACTION;
            """,
            new JsonObject
            {
                ["map"] = head.Map,
                ["build"] = build,
                ["from"] = stored?.Generation ?? 0,
                ["fence"] = stored?.Token ?? 0,
                ["head"] = SurrealRecords.Of(head),
                ["paths"] = change.IsWhole ? [] : new JsonArray([.. paths.Select(path => (JsonNode)SurrealRecords.Array([path.Repository, path.Path]))]),
                ["blobs"] = SurrealRecords.Array(change.PutBlobs.Keys),
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    // A loop over the batches themselves is refused by version 3.0: the rows are put together first. And what was deleted in a
    // transaction cannot be inserted in it again, but put.
    private static string Move(string table, bool isFirst)
    {
        string put = isFirst ? $"INSERT INTO {table} $new_{table} RETURN NONE;" : $"FOR $row IN $new_{table} {{ UPSERT {table} CONTENT $row RETURN NONE; }};";
        return $"LET $new_{table} = array::flatten(SELECT VALUE rows FROM code_staging WHERE build = $build AND part = '{table}'); {put}";
    }

    /// <summary>Throws away what a build that failed has put aside, as far as the server can be reached.</summary>
    private async Task ForgetAsync(string build)
    {
        try
        {
            await _client.QueryAsync("DELETE code_staging WHERE build = $build;", new JsonObject { ["build"] = build }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It is gone; what lies aside is seen by nobody.
        }
    }

    private async Task<JsonArray> RowsAsync(string sql, JsonObject variables, CancellationToken cancellationToken)
    {
        JsonNode?[] results = await _client.QueryAsync(sql, variables, cancellationToken).ConfigureAwait(false);
        return results[0] as JsonArray ?? throw new IOException($"{Name} answers without rows.");
    }
}
