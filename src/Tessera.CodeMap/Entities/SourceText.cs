using Tessera.CodeMap.Sources;

namespace Tessera.CodeMap.Entities;

/// <summary>A source text by lines, and what can be told of it without a parser: where a declaration ends and what is said above it. Lines count from 1.</summary>
internal sealed class SourceText
{
    private readonly string _text;
    private readonly Language _language;
    private readonly List<int> _starts = [0];
    private readonly List<TextSegment> _segments;

    public SourceText(string text, Language language)
    {
        _text = text;
        _language = language;
        for (int at = text.IndexOf('\n'); at >= 0 && at + 1 < text.Length; at = text.IndexOf('\n', at + 1))
            _starts.Add(at + 1);
        _segments = TextSegments.Of(text, language);
    }

    public int Lines => _starts.Count;

    /// <summary>The text of some lines, without the last line end.</summary>
    public ReadOnlyMemory<char> Slice(int first, int last)
    {
        int start = _starts[first - 1], end = last < Lines ? _starts[last] : _text.Length;
        return _text.AsMemory(start, end - start).TrimEnd('\n').TrimEnd('\r');
    }

    /// <summary>The stretches of some lines, cut to them.</summary>
    public IEnumerable<(TextSegmentKind Kind, ReadOnlyMemory<char> Text)> Segments(int first, int last)
    {
        int start = _starts[first - 1], end = last < Lines ? _starts[last] : _text.Length;
        for (int i = SegmentAt(start); i < _segments.Count && _segments[i].Start < end; i++)
        {
            int from = Math.Max(start, _segments[i].Start), to = Math.Min(end, _segments[i].End);
            if (to > from)
                yield return (_segments[i].Kind, _text.AsMemory(from, to - from));
        }
    }

    /// <summary>The code of some lines, without comments and strings.</summary>
    public IEnumerable<ReadOnlyMemory<char>> Code(int first, int last) =>
        Segments(first, last).Where(segment => segment.Kind == TextSegmentKind.Code).Select(segment => segment.Text);

    /// <summary>The last line of a declaration: where its braces close, or else before the next line that is indented no deeper.</summary>
    public int EndOf(int line)
    {
        int depth = 0, start = _starts[line - 1];
        for (int i = SegmentAt(start); i < _segments.Count; i++)
        {
            if (_segments[i].Kind != TextSegmentKind.Code)
                continue;
            for (int at = Math.Max(start, _segments[i].Start); at < _segments[i].End; at++)
            {
                char letter = _text[at];
                if (letter == '{')
                    depth++;
                else if (letter == '}' && --depth <= 0)
                    return LineOf(at);
                else if (letter == ';' && depth == 0)
                    return LineOf(at);
            }

            // No brace on this line or the next three: the language has none, or the declaration no body.
            if (depth == 0 && LineOf(_segments[i].End - 1) > line + 3)
                break;
        }

        return IndentedEnd(line);
    }

    /// <summary>The comment that ends on the line above a declaration and its attributes, or the string that its body begins with; without marks.</summary>
    public string DocumentationOf(int line)
    {
        int above = line - 1;
        while (above >= 1 && LineText(above).TrimStart() is ['@' or '#' or '[', ..] text && !IsComment(above) && text.Length > 1)
            above--;
        int last = above;
        while (above >= 1 && IsComment(above))
            above--;
        if (above < last)
            return Plain(_text.AsSpan(_starts[above], (last < Lines ? _starts[last] : _text.Length) - _starts[above]));

        return Docstring(_starts[line - 1]);
    }

    /// <summary>The string that the body of a declaration begins with: the first thing behind the colon that ends its head.</summary>
    private string Docstring(int start)
    {
        int depth = 0;
        bool inBody = false;
        for (int i = SegmentAt(start); i < _segments.Count && _language.HasTripleQuotes; i++)
        {
            ReadOnlySpan<char> piece = _text.AsSpan(Math.Max(start, _segments[i].Start).._segments[i].End);
            if (_segments[i].Kind is TextSegmentKind.String or TextSegmentKind.Docstring && inBody)
                return Plain(piece);
            if (_segments[i].Kind != TextSegmentKind.Code)
                continue;
            int at = 0;
            for (; at < piece.Length && !inBody; at++)
            {
                depth += piece[at] is '(' or '[' or '{' ? 1 : piece[at] is ')' or ']' or '}' ? -1 : 0;
                if (piece[at] == '\n' && depth == 0)
                    return "";
                inBody = piece[at] == ':' && depth == 0;
            }

            if (!TextSegments.WithoutPrefix(piece[at..]).IsWhiteSpace())
                return "";
        }

        return "";
    }

    private int IndentedEnd(int line)
    {
        int indent = Indent(line), last = line;
        for (int next = line + 1; next <= Lines; next++)
        {
            ReadOnlySpan<char> text = LineText(next);
            if (text.IsWhiteSpace())
                continue;
            bool closes = text.Trim() is "end" or "end;" or ")";
            if (Indent(next) <= indent && !closes)
                break;
            last = next;
            if (Indent(next) <= indent)
                break;
        }

        return last;
    }

    private bool IsComment(int line)
    {
        ReadOnlySpan<char> text = LineText(line);
        int at = _starts[line - 1] + (text.Length - text.TrimStart().Length);
        return !text.IsWhiteSpace() && _segments[SegmentAt(at)].Kind == TextSegmentKind.Comment;
    }

    private ReadOnlySpan<char> LineText(int line) => Slice(line, line).Span;

    private int Indent(int line)
    {
        ReadOnlySpan<char> text = LineText(line);
        return text.Length - text.TrimStart().Length;
    }

    private int LineOf(int at)
    {
        int found = _starts.BinarySearch(at);
        return found >= 0 ? found + 1 : ~found;
    }

    private int SegmentAt(int at)
    {
        int low = 0, high = _segments.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_segments[middle].Start <= at)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Words without the marks of comments and strings.</summary>
    private static string Plain(ReadOnlySpan<char> comment)
    {
        var lines = new List<string>();
        foreach (ReadOnlySpan<char> line in comment.EnumerateLines())
        {
            string text = line.Trim().Trim("/*#-!;%\"'`").Trim().ToString();
            if (text.Length > 0)
                lines.Add(text);
        }

        return string.Join('\n', lines);
    }
}
