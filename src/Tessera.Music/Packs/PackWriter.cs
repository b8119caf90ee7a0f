using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tessera.Music.Packs;

/// <summary>Writes the files of style packs.</summary>
public static class PackWriter
{
    /// <summary>Writes a <c>.json</c> of bars: <c>style</c>, <c>bars</c>, <c>tokenized_bars</c>.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="style">The style's name.</param>
    /// <param name="bars">The tokens of each bar.</param>
    public static void WriteJson(string path, string style, IReadOnlyList<IReadOnlyList<string>> bars)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("style", style);
            json.WriteNumber("bars", bars.Count);
            json.WriteStartArray("tokenized_bars");
            foreach (IReadOnlyList<string> bar in bars)
            {
                json.WriteStartArray();
                foreach (string token in bar)
                    json.WriteStringValue(token);
                json.WriteEndArray();
                // A bar a line, so that what is said of a line can be found.
                json.Flush();
                buffer.Write("\n"u8);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        WholeFile.Write(path, buffer.ToArray());
    }

    /// <summary>Writes a <c>.tokens</c> file: one pattern, a bar a line.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tokens">The tokens of the piece.</param>
    public static void WriteTokens(string path, IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < tokens.Count; i++)
            text.Append(tokens[i]).Append(i + 1 == tokens.Count || tokens[i + 1] == "BAR" ? '\n' : ' ');
        WholeFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text.ToString()));
    }
}
