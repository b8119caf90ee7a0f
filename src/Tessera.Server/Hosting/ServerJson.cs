using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tessera.Server.Code;
using Tessera.Server.Colors;
using Tessera.Server.Ids;
using Tessera.Server.Indexes;
using Tessera.Server.Music;
using Tessera.Server.Systems;
using Tessera.Server.Trees;

namespace Tessera.Server.Hosting;

/// <summary>Everything that is written or read as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(SystemList))]
[JsonSerializable(typeof(TreeList))]
[JsonSerializable(typeof(ColorSearchAnswer))]
[JsonSerializable(typeof(ColorNames))]
[JsonSerializable(typeof(FacetList))]
[JsonSerializable(typeof(ImageDetails))]
[JsonSerializable(typeof(PaletteAnswer))]
[JsonSerializable(typeof(TreeNode))]
[JsonSerializable(typeof(TreeDetails))]
[JsonSerializable(typeof(TreeSearchAnswer))]
[JsonSerializable(typeof(CodeQueryAnswer))]
[JsonSerializable(typeof(IndexList))]
[JsonSerializable(typeof(IndexEntry))]
[JsonSerializable(typeof(IndexQuery))]
[JsonSerializable(typeof(IndexAnswer))]
[JsonSerializable(typeof(IdStoreList))]
[JsonSerializable(typeof(IdFindAnswer))]
[JsonSerializable(typeof(StyleList))]
[JsonSerializable(typeof(RetrieveAnswer))]
[JsonSerializable(typeof(SampleAnswer))]
internal sealed partial class ServerJson : JsonSerializerContext
{
    /// <summary>As it is sent: without nulls, and with apostrophes as they are, since nothing of it is put into HTML unescaped.</summary>
    public static ServerJson Web { get; } = new(Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
