using System.Text.Json;

namespace Tessera.SemanticIds.Files;

/// <summary>Where in a file the parser stopped: it tells line and column, readers of a message look for a byte.</summary>
internal static class JsonOffset
{
    public static long Of(ReadOnlySpan<byte> bytes, JsonException damage)
    {
        long offset = 0;
        for (long line = damage.LineNumber ?? 0; line > 0; line--)
        {
            int end = bytes[(int)offset..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            offset += end + 1;
        }

        return offset + (damage.BytePositionInLine ?? 0);
    }
}
