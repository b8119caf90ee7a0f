using System.Text.Json;
using System.Text.Json.Serialization;
using Tessera.CodeMap.Retrieval;

namespace Tessera.Cli.Code;

/// <summary>Reader of broad questions.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(BroadQuestion[]))]
internal sealed partial class QuestionJson : JsonSerializerContext;
