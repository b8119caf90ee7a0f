using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>Records of maps as SurrealDB keeps them. Entities are records of layer 0 in the table of the clusters.</summary>
internal static class SurrealRecords
{
    private const int BlobPart = 1 << 20;

    public static JsonObject Of(string map, FileRecord file) => new()
    {
        ["id"] = FileId(map, file.Repository, file.Path),
        ["map"] = map,
        ["repository"] = file.Repository,
        ["path"] = file.Path,
        ["hash"] = file.Hash,
        ["text"] = file.Text,
    };

    public static string FileId(string map, string repository, string path) => $"{map}\n{repository}\n{path}";

    public static FileRecord File(JsonNode row) => new(Text(row, "repository"), Text(row, "path"), Text(row, "hash"), Text(row, "text"));

    public static JsonObject Of(string map, EntityRecord entity)
    {
        string id = new ClusterId(0, entity.Number, map).ToString();
        return new JsonObject
        {
            ["id"] = id,
            ["stable_id"] = id,
            ["stable_label"] = $"layer0-cluster-{entity.Number}",
            ["label"] = entity.Name,
            ["summary"] = entity.Documentation,
            ["members"] = Array([entity.Id]),
            ["centroid"] = Array(MemoryMarshal.Cast<byte, float>(entity.Vector.Span)),
            ["centroid_len"] = entity.Vector.Length / sizeof(float),
            ["member_repos"] = Array([entity.Repository]),
            ["layer"] = 0,
            ["map"] = map,
            ["number"] = entity.Number,
            ["repository"] = entity.Repository,
            ["path"] = entity.Path,
            ["scope"] = entity.Scope,
            ["kind"] = entity.Kind,
            ["ordinal"] = entity.Ordinal,
            ["start_line"] = entity.StartLine,
            ["end_line"] = entity.EndLine,
            ["text_offset"] = entity.Offset,
            ["text_length"] = entity.Length,
            ["hash"] = entity.ContentHash,
            ["mentions"] = entity.Mentions,
            ["tokens"] = Convert.ToBase64String(entity.Tokens.Span),
        };
    }

    public static EntityRecord Entity(JsonNode row) => new()
    {
        Number = Number(row, "number"),
        Id = Strings(row, "members")[0],
        Repository = Text(row, "repository"),
        Path = Text(row, "path"),
        Scope = Text(row, "scope"),
        Kind = Text(row, "kind"),
        Name = Text(row, "label"),
        Ordinal = Number(row, "ordinal"),
        StartLine = Number(row, "start_line"),
        EndLine = Number(row, "end_line"),
        Offset = Number(row, "text_offset"),
        Length = Number(row, "text_length"),
        Documentation = Text(row, "summary"),
        ContentHash = Text(row, "hash"),
        Mentions = Text(row, "mentions"),
        Tokens = Convert.FromBase64String(Text(row, "tokens")),
        Vector = MemoryMarshal.AsBytes<float>(Floats(row)).ToArray(),
    };

    public static JsonObject Of(string map, ClusterRecord cluster) => new()
    {
        ["id"] = cluster.Id,
        ["stable_id"] = cluster.StableId,
        ["stable_label"] = cluster.StableLabel,
        ["label"] = cluster.Label,
        ["summary"] = cluster.Summary,
        ["members"] = Array(cluster.Members),
        ["centroid"] = Array(cluster.Centroid.ToArray()),
        ["centroid_len"] = cluster.CentroidLength,
        ["member_repos"] = Array(cluster.MemberRepos),
        ["layer"] = cluster.Layer,
        ["map"] = map,
        ["number"] = cluster.Number,
        ["words"] = Array(cluster.Words),
        ["shared"] = Array(cluster.Shared),
        ["size"] = cluster.Size,
        ["hash"] = cluster.Hash,
        ["churn"] = cluster.Churn,
    };

    public static ClusterRecord Cluster(JsonNode row) => new()
    {
        Id = Text(row, "stable_id"),
        StableLabel = Text(row, "stable_label"),
        Label = Text(row, "label"),
        Summary = Text(row, "summary"),
        Members = Strings(row, "members"),
        Centroid = Floats(row),
        MemberRepos = Strings(row, "member_repos"),
        Layer = Number(row, "layer"),
        Number = Number(row, "number"),
        Words = Strings(row, "words"),
        Shared = Strings(row, "shared"),
        Size = Number(row, "size"),
        Hash = Text(row, "hash"),
        Churn = Number(row, "churn"),
    };

    /// <summary>A blob in parts that each fit a call.</summary>
    public static IEnumerable<JsonObject> Blob(string map, string name, ReadOnlyMemory<byte> bytes)
    {
        for (int part = 0; part == 0 || part * BlobPart < bytes.Length; part++)
        {
            ReadOnlySpan<byte> piece = bytes.Span[(part * BlobPart)..Math.Min(bytes.Length, (part + 1) * BlobPart)];
            yield return new JsonObject { ["id"] = $"{map}\n{name}\n{part}", ["map"] = map, ["name"] = name, ["part"] = part, ["bytes"] = Convert.ToBase64String(piece) };
        }
    }

    public static Dictionary<string, ReadOnlyMemory<byte>> Blobs(JsonArray rows) =>
        SqlTables.Joined(rows.Select(row => (Text(row!, "name"), Number(row!, "part"), Convert.FromBase64String(Text(row!, "bytes")))));

    public static JsonObject Of(MapHead head) => new()
    {
        ["id"] = $"map {head.Map}",
        ["map"] = head.Map,
        ["generation"] = head.Generation,
        ["token"] = head.Token,
        ["head"] = JsonSerializer.Serialize(head, StoreJson.Default.MapHead),
    };

    public static MapHead Head(JsonNode row) => JsonSerializer.Deserialize(Text(row, "head"), StoreJson.Default.MapHead)!;

    public static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)JsonValue.Create(value)!)]);

    private static JsonArray Array(ReadOnlySpan<float> values)
    {
        var array = new JsonArray();
        foreach (float value in values)
            array.Add((JsonNode)JsonValue.Create(value));
        return array;
    }

    private static string Text(JsonNode row, string field) => (string?)row[field] ?? "";

    private static int Number(JsonNode row, string field) => (int)row[field]!;

    private static string[] Strings(JsonNode row, string field) => [.. ((JsonArray)row[field]!).Select(value => (string)value!)];

    private static float[] Floats(JsonNode row) => [.. ((JsonArray)row["centroid"]!).Select(value => value!.GetValue<float>())];
}
