using System.Globalization;
using System.Text;

namespace Tessera.SemanticIds;

/// <summary>How codes become the text of an id, and back.</summary>
public sealed class SemanticIdFormat
{
    private readonly Func<ReadOnlySpan<int>, string> _write;
    private readonly Func<string, int[]?> _parse;

    private SemanticIdFormat(Func<ReadOnlySpan<int>, string> write, Func<string, int[]?> parse) => (_write, _parse) = (write, parse);

    /// <summary><c>12-5-33</c> (the default).</summary>
    public static SemanticIdFormat Plain { get; } = Separated("-");

    /// <summary><c>&lt;a_12&gt;&lt;b_5&gt;&lt;c_33&gt;</c>, one token a level for a language model; behind z come aa, ab.</summary>
    public static SemanticIdFormat Tokens { get; } = new(WriteTokens, ParseTokens);

    /// <summary>Numbers with a text between them.</summary>
    /// <param name="separator">Not empty, and without digits.</param>
    /// <exception cref="ArgumentException">The separator is empty or has a digit.</exception>
    public static SemanticIdFormat Separated(string separator)
    {
        ArgumentException.ThrowIfNullOrEmpty(separator);
        if (separator.Any(char.IsAsciiDigit))
            throw new ArgumentException($"The separator is '{separator}'; it must have no digit, or ids could not be told apart.", nameof(separator));
        return new SemanticIdFormat(codes => Join(codes, separator), id => ParseAll(id.Split(separator)));
    }

    /// <summary>Any text that a function makes of the codes of an item.</summary>
    /// <param name="write">Makes the text; different codes must give different texts.</param>
    /// <param name="parse">Gives the codes back, or null for what is no id; without it ids of this format cannot be parsed.</param>
    public static SemanticIdFormat From(Func<ReadOnlySpan<int>, string> write, Func<string, int[]?>? parse = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        return new SemanticIdFormat(write, parse ?? (_ => null));
    }

    /// <summary>The id of one item.</summary>
    /// <param name="codes">One number for each level.</param>
    public string Write(ReadOnlySpan<int> codes) => _write(codes);

    /// <summary>The ids of many items.</summary>
    public string[] Write(SemanticCodes codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        var ids = new string[codes.Rows];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = Write(codes[i]);
        return ids;
    }

    /// <summary>The codes of an id; a suffix that made it unique (<c>-1</c>) becomes one more code.</summary>
    /// <returns>Null for what is no id of this format.</returns>
    public int[]? Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _parse(id);
    }

    private static string Join(ReadOnlySpan<int> codes, string separator)
    {
        var text = new StringBuilder();
        foreach (int code in codes)
            text.Append(text.Length == 0 ? "" : separator).Append(CultureInfo.InvariantCulture, $"{code}");
        return text.ToString();
    }

    private static string WriteTokens(ReadOnlySpan<int> codes)
    {
        var text = new StringBuilder();
        for (int level = 0; level < codes.Length; level++)
            text.Append(CultureInfo.InvariantCulture, $"<{Letters(level)}_{codes[level]}>");
        return text.ToString();
    }

    /// <summary>a to z, then aa, ab and so on, as spreadsheets number their columns.</summary>
    private static string Letters(int level)
    {
        string letters = "";
        for (int rest = level + 1; rest > 0; rest = (rest - 1) / 26)
            letters = (char)('a' + (rest - 1) % 26) + letters;
        return letters;
    }

    private static int[]? ParseTokens(string id)
    {
        var codes = new List<string>();
        int at = 0;
        while (at < id.Length && id[at] == '<')
        {
            string start = $"<{Letters(codes.Count)}_";
            int end = id.IndexOf('>', at);
            if (end < 0 || string.CompareOrdinal(id, at, start, 0, start.Length) != 0)
                return null;
            codes.Add(id[(at + start.Length)..end]);
            at = end + 1;
        }

        if (at < id.Length && id[at] == '-')
            codes.Add(id[(at + 1)..]);
        else if (at < id.Length)
            return null;
        return ParseAll(codes);
    }

    private static int[]? ParseAll(IReadOnlyList<string> parts)
    {
        var codes = new int[parts.Count];
        for (int i = 0; i < codes.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out codes[i]))
                return null;
        }

        return codes.Length == 0 ? null : codes;
    }
}
