using System.Text.Json.Serialization;

namespace Tessera.CodeMap.Entities.Ctags;

[JsonSerializable(typeof(CtagsTag))]
[JsonSerializable(typeof(CtagsRequest))]
internal sealed partial class CtagsJson : JsonSerializerContext;
