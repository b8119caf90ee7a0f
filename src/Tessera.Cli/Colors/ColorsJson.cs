using System.Text.Json.Serialization;

namespace Tessera.Cli.Colors;

/// <summary>Writers of what the commands of colours print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(IndexingResult))]
[JsonSerializable(typeof(ColorsSearchResult))]
[JsonSerializable(typeof(PaletteResult))]
[JsonSerializable(typeof(ColorsInfoResult))]
[JsonSerializable(typeof(ColorsBenchResult))]
[JsonSerializable(typeof(ColorsTuneResult))]
internal sealed partial class ColorsJson : JsonSerializerContext;
