using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>The tables that SQLite and PostgreSQL keep maps in.</summary>
internal static class SqlTables
{
    // A blob is cut, so that no value comes near what a database takes.
    private const int BlobPart = 16 << 20;

    public static SqlTable<FileRecord> Files { get; } = new(
        "code_file",
        ["map", "repository", "path", "hash", "text"],
        3,
        file => [file.Repository, file.Path, file.Hash, file.Text],
        row => new FileRecord(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)));

    public static SqlTable<EntityRecord> Entities { get; } = new(
        "code_entity",
        ["map", "number", "id", "repository", "path", "scope", "kind", "name", "ordinal", "start_line", "end_line", "text_offset", "text_length", "documentation", "content_hash", "mentions", "tokens", "vector"],
        2,
        entity =>
        [
            entity.Number, entity.Id, entity.Repository, entity.Path, entity.Scope, entity.Kind, entity.Name, entity.Ordinal, entity.StartLine, entity.EndLine,
            entity.Offset, entity.Length, entity.Documentation, entity.ContentHash, entity.Mentions, Bytes(entity.Tokens), Bytes(entity.Vector),
        ],
        row => new EntityRecord
        {
            Number = row.GetInt32(1),
            Id = row.GetString(2),
            Repository = row.GetString(3),
            Path = row.GetString(4),
            Scope = row.GetString(5),
            Kind = row.GetString(6),
            Name = row.GetString(7),
            Ordinal = row.GetInt32(8),
            StartLine = row.GetInt32(9),
            EndLine = row.GetInt32(10),
            Offset = row.GetInt32(11),
            Length = row.GetInt32(12),
            Documentation = row.GetString(13),
            ContentHash = row.GetString(14),
            Mentions = row.GetString(15),
            Tokens = row.GetFieldValue<byte[]>(16),
            Vector = row.GetFieldValue<byte[]>(17),
        });

    public static SqlTable<ClusterRecord> Clusters { get; } = new(
        "code_cluster",
        ["map", "id", "layer", "number", "stable_label", "label", "summary", "members", "centroid", "centroid_len", "member_repos", "words", "shared", "size", "hash", "churn"],
        2,
        cluster =>
        [
            cluster.Id, cluster.Layer, cluster.Number, cluster.StableLabel, cluster.Label, cluster.Summary, Json(cluster.Members),
            MemoryMarshal.AsBytes<float>(cluster.Centroid.ToArray()).ToArray(), cluster.CentroidLength, Json(cluster.MemberRepos), Json(cluster.Words), Json(cluster.Shared),
            cluster.Size, cluster.Hash, cluster.Churn,
        ],
        row => new ClusterRecord
        {
            Id = row.GetString(1),
            Layer = row.GetInt32(2),
            Number = row.GetInt32(3),
            StableLabel = row.GetString(4),
            Label = row.GetString(5),
            Summary = row.GetString(6),
            Members = Strings(row, 7),
            Centroid = MemoryMarshal.Cast<byte, float>(row.GetFieldValue<byte[]>(8)).ToArray(),
            MemberRepos = Strings(row, 10),
            Words = Strings(row, 11),
            Shared = Strings(row, 12),
            Size = row.GetInt32(13),
            Hash = row.GetString(14),
            Churn = row.GetInt32(15),
        });

    public static SqlTable<(string Name, int Part, byte[] Bytes)> Blobs { get; } = new(
        "code_blob",
        ["map", "name", "part", "bytes"],
        2,
        blob => [blob.Name, blob.Part, blob.Bytes],
        row => (row.GetString(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3)));

    /// <summary>Makes the tables where they are not there.</summary>
    /// <param name="blob">What the database calls bytes.</param>
    /// <param name="json">Turns a column of JSON into what the database queries as such.</param>
    /// <param name="array">Makes an array of JSON of one column.</param>
    public static string Schema(string blob, Func<string, string> json, Func<string, string> array) => $"""
        CREATE TABLE IF NOT EXISTS code_map (map TEXT PRIMARY KEY NOT NULL, generation BIGINT NOT NULL, head TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS code_file (
            map TEXT NOT NULL, repository TEXT NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (map, repository, path));
        CREATE TABLE IF NOT EXISTS code_entity (
            map TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, repository TEXT NOT NULL, path TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL,
            name TEXT NOT NULL, ordinal INTEGER NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, text_offset INTEGER NOT NULL, text_length INTEGER NOT NULL,
            documentation TEXT NOT NULL, content_hash TEXT NOT NULL, mentions TEXT NOT NULL, tokens {blob} NOT NULL, vector {blob} NOT NULL, PRIMARY KEY (map, number));
        CREATE TABLE IF NOT EXISTS code_cluster (
            map TEXT NOT NULL, id TEXT NOT NULL, layer INTEGER NOT NULL, number INTEGER NOT NULL, stable_label TEXT NOT NULL, label TEXT NOT NULL, summary TEXT NOT NULL,
            members TEXT NOT NULL, centroid {blob} NOT NULL, centroid_len INTEGER NOT NULL, member_repos TEXT NOT NULL, words TEXT NOT NULL, shared TEXT NOT NULL,
            size INTEGER NOT NULL, hash TEXT NOT NULL, churn INTEGER NOT NULL, PRIMARY KEY (map, id));
        CREATE INDEX IF NOT EXISTS code_cluster_layer ON code_cluster (map, layer, number);
        CREATE INDEX IF NOT EXISTS code_cluster_id ON code_cluster (id);
        CREATE TABLE IF NOT EXISTS code_blob (map TEXT NOT NULL, name TEXT NOT NULL, part INTEGER NOT NULL, bytes {blob} NOT NULL, PRIMARY KEY (map, name, part));
        DROP VIEW IF EXISTS hirag_cluster;
        CREATE VIEW hirag_cluster AS
            SELECT id, id AS stable_id, stable_label, label, summary, {json("members")} AS members, centroid, centroid_len, {json("member_repos")} AS member_repos, layer, map
            FROM code_cluster
            UNION ALL
            SELECT 'hirag::layer0::' || number || repo, 'hirag::layer0::' || number || repo, 'layer0-cluster-' || number, name, documentation, {array("id")}, vector, length(vector) / 4, {array("repository")}, 0, map
            FROM (SELECT *, CASE map WHEN '' THEN '' ELSE '::repo::' || map END AS repo FROM code_entity) AS entity;
        """;

    public static IEnumerable<(string Name, int Part, byte[] Bytes)> Parts(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> blobs)
    {
        foreach (var (name, bytes) in blobs)
        {
            for (int part = 0; part == 0 || part * (long)BlobPart < bytes.Length; part++)
                yield return (name, part, bytes[(part * BlobPart)..(int)Math.Min(bytes.Length, (part + 1L) * BlobPart)].ToArray());
        }
    }

    public static Dictionary<string, ReadOnlyMemory<byte>> Joined(IEnumerable<(string Name, int Part, byte[] Bytes)> parts) => parts
        .GroupBy(part => part.Name, StringComparer.Ordinal)
        .ToDictionary(
            blob => blob.Key,
            blob => (ReadOnlyMemory<byte>)(blob.Count() == 1 ? blob.First().Bytes : [.. blob.OrderBy(part => part.Part).SelectMany(part => part.Bytes)]),
            StringComparer.Ordinal);

    // Arrays that are whole go as they are; nothing is copied.
    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Array is { } array && array.Length == segment.Count ? array : memory.ToArray();

    private static string Json(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, StoreJson.Default.IReadOnlyListString);

    private static string[] Strings(DbDataReader row, int column) => JsonSerializer.Deserialize(row.GetString(column), StoreJson.Default.StringArray) ?? [];
}
