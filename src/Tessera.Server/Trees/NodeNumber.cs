using System.Globalization;

namespace Tessera.Server.Trees;

/// <summary>Numbers in the ids of nodes: digits alone, so that a node has one id.</summary>
internal static class NodeNumber
{
    public static bool TryParse(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return (text.Length == 1 || !text.StartsWith("0")) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
