using System.Text.Json.Serialization;

namespace Tessera.CodeMap.Entities.Ctags;

/// <summary>One line of what universal-ctags says of a file.</summary>
internal sealed class CtagsTag
{
    [JsonPropertyName("_type")]
    public string Type { get; set; } = "";

    /// <summary>Of an error: whether it goes on all the same, and says when it has completed the file.</summary>
    [JsonPropertyName("warning")]
    public bool IsWarning { get; set; }

    /// <summary>Of a warning: what the system reports, where the file could not be read; else 0.</summary>
    [JsonPropertyName("errno")]
    public int SystemError { get; set; }

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("line")]
    public int Line { get; set; }

    /// <summary>The last line; 0 where its parser does not know.</summary>
    [JsonPropertyName("end")]
    public int End { get; set; }

    [JsonPropertyName("scope")]
    public string Scope { get; set; } = "";

    [JsonPropertyName("scopeKind")]
    public string ScopeKind { get; set; } = "";

    [JsonPropertyName("signature")]
    public string Signature { get; set; } = "";
}
