using System.Text.Json.Serialization;
using Tessera.CodeMap.Storage;

namespace Tessera.Stores.CodeMap;

/// <summary>What stores keep as JSON, by source generation.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MapHead))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoreJson : JsonSerializerContext;
