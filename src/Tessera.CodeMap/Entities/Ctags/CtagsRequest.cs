using System.Text.Json.Serialization;

namespace Tessera.CodeMap.Entities.Ctags;

/// <summary>Asks for the tags of a file.</summary>
/// <param name="Command">Always <c>generate-tags</c>.</param>
/// <param name="FileName">The file.</param>
internal sealed record CtagsRequest(
    [property: JsonPropertyName("command")] string Command,
    [property: JsonPropertyName("filename")] string FileName);
