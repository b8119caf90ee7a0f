using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap.Entities;

/// <summary>Cuts a source text into code, comments and strings, by the marks of its language alone. What it misjudges (a regular expression, a quote in a heredoc) ends with the line.</summary>
internal static class TextSegments
{
    public static List<TextSegment> Of(string text, Language language)
    {
        var segments = new List<TextSegment>();
        int code = 0, at = 0;
        while (at < text.Length)
        {
            if (Next(text, at, language) is not { } found)
            {
                at++;
                continue;
            }

            if (at > code)
                segments.Add(new TextSegment(TextSegmentKind.Code, code, at));
            segments.Add(IsDocstring(text, found, segments) ? found with { Kind = TextSegmentKind.Docstring } : found);
            at = code = found.End;
        }

        if (text.Length > code)
            segments.Add(new TextSegment(TextSegmentKind.Code, code, text.Length));
        return segments;
    }

    /// <summary>The comment or string that begins at a place; null where none does.</summary>
    private static TextSegment? Next(string text, int at, Language language)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        if (language.BlockStart.Length > 0 && rest.StartsWith(language.BlockStart, StringComparison.Ordinal))
            return new TextSegment(TextSegmentKind.Comment, at, After(text, language.BlockEnd, at + language.BlockStart.Length));
        if (rest.StartsWith(language.LineComment, StringComparison.Ordinal))
            return new TextSegment(TextSegmentKind.Comment, at, LineEnd(text, at));
        char quote = rest[0];
        if (!language.Quotes.Contains(quote))
            return null;
        if (language.HasTripleQuotes && rest.Length >= 3 && rest[1] == quote && rest[2] == quote)
            return new TextSegment(TextSegmentKind.String, at, After(text, new string(quote, 3), at + 3));
        return new TextSegment(TextSegmentKind.String, at, StringEnd(text, at, quote));
    }

    /// <summary>What stands before a string without the letter that makes it a raw one: <c>r"..."</c>.</summary>
    public static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> code) => code.TrimEnd("rRuUbB");

    /// <summary>Whether a string begins a line of its own behind a head, <c>def f():</c>, and what may be said beside that.</summary>
    private static bool IsDocstring(string text, TextSegment found, List<TextSegment> before)
    {
        bool isOnNewLine = false;
        for (int i = before.Count - 1; i >= 0 && found.Kind == TextSegmentKind.String; i--)
        {
            if (before[i].Kind == TextSegmentKind.Comment)
                continue;
            ReadOnlySpan<char> code = text.AsSpan(before[i].Start..before[i].End);
            if (i == before.Count - 1)
                code = WithoutPrefix(code);
            ReadOnlySpan<char> head = code.TrimEnd();
            isOnNewLine |= code[head.Length..].Contains('\n');
            if (!head.IsEmpty)
                return before[i].Kind == TextSegmentKind.Code && isOnNewLine && head.EndsWith(":");
        }

        return false;
    }

    private static int StringEnd(string text, int start, char quote)
    {
        for (int at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == quote)
                return at + 1;
            else if (text[at] == '\n' && quote != '`')
                return at;
        }

        return text.Length;
    }

    private static int After(string text, string mark, int from)
    {
        int found = from <= text.Length ? text.IndexOf(mark, from, StringComparison.Ordinal) : -1;
        return found < 0 ? text.Length : found + mark.Length;
    }

    private static int LineEnd(string text, int from)
    {
        int end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end;
    }
}
