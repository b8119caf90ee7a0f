using System.Text.Json;

namespace Tessera.Cli.Code;

/// <summary>How names of the library stand in JSON.</summary>
internal static class CodeNames
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
